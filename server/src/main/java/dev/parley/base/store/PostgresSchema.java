package dev.parley.base.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Brings a PostgreSQL database to this program's schema; several processes may start at once. */
final class PostgresSchema {
  private static final int TRIES_MAX = 10;

  /** Another process has just made the same thing, or was in the way. */
  private static final Set<String> RACES =
      Set.of("23505", "42P07", "42701", "42710", "40P01", "55P03", "XX000");

  private static final Pattern TABLE = Pattern.compile("(?is)\\s*(CREATE|ALTER)\\s+TABLE\\b.*");
  private static final Pattern TEXT = Pattern.compile("(?i)\\bTEXT\\b");

  private static final String THERE =
      "SELECT current_setting('server_encoding'), to_regclass('schema_version')::text";

  private PostgresSchema() {}

  /**
   * Applies what is missing.
   *
   * @return how many shards the database has
   */
  static int migrate(PostgresConnection connection, List<Migration> migrations)
      throws SQLException {
    for (var tries = 1; ; tries++) {
      try {
        var shards = tryMigrate(connection, migrations);
        connection.commit();
        return shards;
      } catch (SQLException e) {
        connection.rollback();
        if (tries == TRIES_MAX || !RACES.contains(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  /** The same in the caller's transaction. */
  static int tryMigrate(PostgresConnection connection, List<Migration> migrations)
      throws SQLException {
    var there = first(connection, THERE);
    if (!there.text(1).equals("UTF8")) {
      throw new IllegalStateException(
          "The database is encoded in %s; Parley needs UTF8.".formatted(there.text(1)));
    }
    if (there.textIf(2).isPresent()) {
      connection.script("LOCK TABLE schema_version IN SHARE ROW EXCLUSIVE MODE");
    }
    Schema.migrate(connection.jdbc(), migrations, PostgresSchema::dialect);
    connection.script(
        """
        INSERT INTO journal_head (shard, position) SELECT shard, 0
        FROM generate_series(0, %d) AS shard WHERE NOT EXISTS (SELECT 1 FROM journal_head)\
        """
            .formatted(PostgresJournal.SHARDS - 1));
    return (int) first(connection, "SELECT COUNT(*) FROM journal_head").number(1);
  }

  private static PostgresRow first(PostgresConnection connection, String sql) throws SQLException {
    return new PostgresRow(connection.ask(new PostgresCall(sql)).getFirst(), 0);
  }

  /** Text is compared by its bytes, as SQLite does it, whatever the database's language is. */
  static String dialect(String statement) {
    return TABLE.matcher(statement).matches()
        ? TEXT.matcher(statement).replaceAll("TEXT COLLATE \"C\"")
        : statement;
  }
}
