package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Copies every row of one resource into another, for {@code resource clone}. It knows the tables
 * from the migrations that made them, so a room need not say anything; wherever a text names the
 * source's id (user ids do), the copy names the target's.
 */
public final class ResourceCopy {
  private static final Pattern TABLE =
      Pattern.compile("(?is)^\\s*CREATE\\s+TABLE\\s+(\\w+)\\s*\\((.*)\\)\\s*$");
  private static final Pattern ADDED =
      Pattern.compile("(?is)^\\s*ALTER\\s+TABLE\\s+(\\w+)\\s+ADD\\s+COLUMN\\s+(.*)$");
  private static final Pattern COLUMN =
      Pattern.compile("(?i)^\\s*(\\w+)\\s+(TEXT|BIGINT|BYTEA)\\b.*", Pattern.DOTALL);

  private static final String DROPPED = "DROP TABLE ";

  private record Column(String name, boolean text) {}

  private record Table(String name, List<Column> columns) {}

  private final List<Table> tables;

  /**
   * Copies the tables that the migrations create, without those named.
   *
   * @param left tables that belong to the house or to the source alone, such as keys and the
   *     journal
   */
  public ResourceCopy(List<Migration> migrations, Set<String> left) {
    var made = new LinkedHashMap<String, List<Column>>();
    for (var migration : migrations) {
      for (var statement : migration.statements()) {
        read(statement, made);
      }
    }
    tables =
        made.entrySet().stream()
            .filter(table -> !left.contains(table.getKey()))
            .map(table -> new Table(table.getKey(), List.copyOf(table.getValue())))
            .toList();
  }

  /** Copies, in the unit that makes the target; nobody else writes to the target yet. */
  public void copy(Tx tx, ResourceId source, ResourceId target) {
    for (var table : tables) {
      var names = new ArrayList<String>();
      var picked = new ArrayList<String>();
      var values = new ArrayList<Object>();
      for (var column : table.columns()) {
        names.add(column.name());
        picked.add(column.text() ? "REPLACE(" + column.name() + ", ?, ?)" : column.name());
        if (column.text()) {
          values.add(source.value());
          values.add(target.value());
        }
      }
      values.add(source.value());
      tx.run(
          "INSERT INTO %s (%s) SELECT %s FROM %s WHERE resource_id = ?"
              .formatted(
                  table.name(), String.join(", ", names), String.join(", ", picked), table.name()),
          values.toArray());
    }
  }

  private static void read(String statement, Map<String, List<Column>> tables) {
    var table = TABLE.matcher(statement);
    if (table.matches()) {
      var columns = new ArrayList<Column>();
      for (var part : table.group(2).split(",", -1)) {
        column(part).ifPresent(columns::add);
      }
      tables.put(table.group(1), columns);
    }
    if (statement.startsWith(DROPPED)) {
      tables.remove(statement.substring(DROPPED.length()).strip());
    }
    var added = ADDED.matcher(statement);
    if (added.matches()) {
      var columns = tables.get(added.group(1));
      if (columns == null) {
        throw new IllegalArgumentException("No step made the table of: " + statement);
      }
      columns.add(
          column(added.group(2))
              .orElseThrow(() -> new IllegalArgumentException("No column: " + statement)));
    }
  }

  private static Optional<Column> column(String text) {
    var column = COLUMN.matcher(text);
    return column.matches()
        ? Optional.of(new Column(column.group(1), column.group(2).equalsIgnoreCase("TEXT")))
        : Optional.empty();
  }
}
