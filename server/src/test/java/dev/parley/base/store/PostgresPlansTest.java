package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.feature.access.Access;
import dev.parley.feature.calling.CallingFeature;
import dev.parley.feature.chat.ChatFeature;
import dev.parley.feature.directory.Directory;
import dev.parley.feature.email.EmailFeature;
import dev.parley.feature.email.arm.EmailArmFeature;
import dev.parley.feature.email.mailbox.MailboxFeature;
import dev.parley.feature.events.EventsFeature;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.manage.Resources;
import dev.parley.feature.numbers.NumbersFeature;
import dev.parley.feature.realtime.RealtimeFeature;
import dev.parley.feature.rooms.RoomsFeature;
import dev.parley.feature.siprouting.SipRouting;
import dev.parley.feature.sms.SmsFeature;
import dev.parley.feature.usage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/**
 * No statement of any room reads a whole table, alone or gathered, also where it was planned when
 * the table was empty. The texts are the constants of the compiled program.
 */
@DisabledIfEnvironmentVariable(named = "PARLEY_WITHOUT_POSTGRES", matches = "1")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresPlansTest {
  private static final Pattern SQL =
      Pattern.compile("\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM)\\s.*", Pattern.DOTALL);

  private static final Pattern MARK = Pattern.compile("\\?");

  /**
   * They ask the server about itself, look for holes in a whole SQLite journal, or are put together
   * when they run.
   */
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "information_schema|current_setting|generate_series|GROUP BY shard|%s|[\\x01\\x02]");

  private static final Pattern SCAN =
      Pattern.compile(".*Index (?:Only )?Scan (?:Backward )?using (\\w+) on .*");

  /** They are meant to see everything. */
  private static final Set<String> WHOLE =
      Set.of(
          "SELECT DISTINCT resource_id FROM due_job",
          "SELECT COUNT(*) FROM journal_head",
          "SELECT shard, position FROM journal_head ORDER BY shard",
          // Each subscription has a courier in memory, from the start on.
          "SELECT resource_id, name, sealed, state, code, until_ms, created_on, created_by,"
              + " changed_on, changed_by FROM event_subscription ORDER BY resource_id, name",
          // At most one of each resource; they are listed across resources, and never beyond a
          // bound.
          "SELECT resource_id, detail FROM event_system_topic ORDER BY resource_id LIMIT ?",
          "SELECT room, version FROM schema_version");

  @Test
  void everyStatementFindsItsRowsByAnIndex() throws SQLException {
    var rooms =
        Stream.of(
                Resources.migrations(),
                Identity.migrations(),
                ChatFeature.migrations(),
                Usage.migrations(),
                NumbersFeature.migrations(),
                RealtimeFeature.migrations(),
                EventsFeature.migrations(),
                SmsFeature.migrations(),
                SipRouting.migrations(),
                EmailFeature.migrations(),
                EmailArmFeature.migrations(),
                MailboxFeature.migrations(),
                Directory.migrations(),
                Access.migrations(),
                RoomsFeature.migrations(),
                CallingFeature.migrations())
            .flatMap(List::stream)
            .toList();
    var server = PostgresServer.shared();
    var database = PostgresConfig.of(server.newDatabase());
    PostgresStore.open(database, rooms, StoreOptions.DEFAULT).close();
    // From now on PostgreSQL believes that the tables stay empty.
    server.execute(database.place().substring(database.place().indexOf('/') + 1), "VACUUM ANALYZE");
    var texts = texts();
    assertTrue(texts.size() >= 50, () -> "only " + texts.size() + " statements");
    var found = new ArrayList<String>();
    var gathered = 0;
    try (var connection = PostgresConnection.writer(database)) {
      for (var text : texts) {
        gathered += look(connection, text, found);
      }
    }
    var count = gathered;
    assertTrue(count >= 30, () -> "only " + count + " gathered statements");
    assertEquals(List.of(), found);
    System.out.println(texts.size() + " statements, " + count + " of them gathered as well");
  }

  /** The check is worth something only if it can fail. */
  @Test
  void aStatementWithoutAnIndexIsSeen() throws SQLException {
    var database = PostgresConfig.of(PostgresServer.shared().newDatabase());
    PostgresStore.open(database, Ledger.MIGRATIONS, StoreOptions.DEFAULT).close();
    var found = new ArrayList<String>();
    try (var connection = PostgresConnection.writer(database)) {
      look(connection, "SELECT name FROM note WHERE content = ?", found);
      look(connection, "SELECT name FROM note WHERE note_id = ? ORDER BY resource_id", found);
      look(connection, "DELETE FROM note", found);
    }
    assertEquals(5, found.size(), found::toString);
  }

  private static int look(PostgresConnection connection, String text, List<String> found)
      throws SQLException {
    try (var statement = connection.jdbc().createStatement()) {
      var types = prepare(statement, text);
      check(statement, text, types.size(), found);
      var form = GatherSql.of(text);
      if (form.form() == GatherSql.Form.OTHER || types.isEmpty()) {
        return 0;
      }
      var many = form.gathered(types);
      prepare(statement, many);
      check(statement, many, types.size(), found);
      return 1;
    }
  }

  /** Prepares the text and gives the types that PostgreSQL finds for its question marks. */
  private static List<GatherType> prepare(Statement statement, String text) throws SQLException {
    var count = new AtomicInteger();
    var numbered = MARK.matcher(text).replaceAll(_ -> "\\$" + count.incrementAndGet());
    statement.execute("DEALLOCATE ALL");
    try {
      statement.execute("PREPARE probe AS " + numbered);
    } catch (SQLException e) {
      throw new SQLException(text, e);
    }
    var types = new ArrayList<GatherType>();
    try (var rows =
        statement.executeQuery(
            "SELECT unnest(parameter_types)::text FROM pg_prepared_statements"
                + " WHERE name = 'probe'")) {
      while (rows.next()) {
        types.add(
            switch (rows.getString(1)) {
              case "bigint", "integer", "bigint[]" -> GatherType.NUMBER;
              case "bytea" -> GatherType.BYTES;
              default -> GatherType.TEXT;
            });
      }
    }
    return types;
  }

  private static void check(Statement statement, String text, int values, List<String> found)
      throws SQLException {
    var plan = new ArrayList<String>();
    var nulls = String.join(", ", Collections.nCopies(values, "NULL"));
    try (var rows =
        statement.executeQuery(
            "EXPLAIN (COSTS OFF) EXECUTE probe" + (values == 0 ? "" : "(" + nulls + ")"))) {
      while (rows.next()) {
        plan.add(rows.getString(1));
      }
    }
    var whole = plan.stream().anyMatch(line -> line.contains("Seq Scan"));
    for (var i = 0; i < plan.size(); i++) {
      var scan = SCAN.matcher(plan.get(i));
      if (scan.matches()) {
        var condition = i + 1 < plan.size() ? plan.get(i + 1) : "";
        whole |= !narrows(condition, first(statement, scan.group(1)));
      }
    }
    if (whole) {
      found.add(text + "\n" + String.join("\n", plan));
    }
  }

  /** An index is read from end to end unless a condition is on its first column. */
  private static boolean narrows(String condition, String column) {
    return Pattern.compile("Index Cond: .*\\b" + column + " (=|<|>)").matcher(condition).find();
  }

  private static String first(Statement statement, String index) throws SQLException {
    try (var rows =
        statement.executeQuery("SELECT pg_get_indexdef('" + index + "'::regclass, 1, true)")) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  /** Every SQL text that the compiler put together; the beginnings of others are left out. */
  private static Set<String> texts() {
    var all = new TreeSet<String>();
    try (var files = Files.walk(Path.of("target", "classes", "dev", "parley"))) {
      files.filter(file -> file.toString().endsWith(".class")).forEach(file -> read(file, all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.removeIf(text ->
        WHOLE.contains(text)
            || all.stream().anyMatch(other -> !other.equals(text) && other.startsWith(text)));
    return all;
  }

  private static void read(Path file, Set<String> all) {
    try {
      for (var entry : ClassFile.of().parse(file).constantPool()) {
        if (entry instanceof StringEntry string
            && SQL.matcher(string.stringValue()).matches()
            && !ELSEWHERE.matcher(string.stringValue()).find()) {
          all.add(string.stringValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
