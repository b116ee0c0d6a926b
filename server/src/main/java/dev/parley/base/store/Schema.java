package dev.parley.base.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Brings a database to the schema that this program knows, forwards only. */
final class Schema {
  private static final String VERSIONS =
      "CREATE TABLE IF NOT EXISTS schema_version (room TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, reader_min BIGINT NOT NULL)";

  private Schema() {}

  /**
   * Applies what is missing, in the caller's transaction.
   *
   * @param dialect turns a statement of the common subset into the engine's
   * @throws IllegalStateException when the database was left by a program too new for this one
   */
  static void migrate(
      Connection connection, List<Migration> migrations, UnaryOperator<String> dialect)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(VERSIONS);
    }
    var rooms = migrations.stream().collect(Collectors.groupingBy(Migration::room));
    for (var room : rooms.entrySet()) {
      migrate(connection, room, dialect);
    }
  }

  private static void migrate(
      Connection connection, Map.Entry<String, List<Migration>> room, UnaryOperator<String> dialect)
      throws SQLException {
    var steps =
        room.getValue().stream().sorted(Comparator.comparingInt(Migration::version)).toList();
    var known = steps.getLast().version();
    var there = version(connection, room.getKey(), known);
    for (var step : steps) {
      if (step.version() > there) {
        for (var text : step.statements()) {
          try (var statement = connection.createStatement()) {
            statement.execute(dialect.apply(text));
          }
        }
        record(connection, step);
      }
    }
  }

  private static long version(Connection connection, String room, int known) throws SQLException {
    try (var ask =
        connection.prepareStatement(
            "SELECT version, reader_min FROM schema_version WHERE room = ?")) {
      ask.setString(1, room);
      try (var rows = ask.executeQuery()) {
        if (!rows.next()) {
          return 0;
        }
        if (rows.getLong(2) > known) {
          throw new IllegalStateException(
              "The data was written by a newer Parley (%s %d needs a program that knows %d, this one knows %d)."
                  .formatted(room, rows.getLong(1), rows.getLong(2), known));
        }
        return rows.getLong(1);
      }
    }
  }

  private static void record(Connection connection, Migration step) throws SQLException {
    try (var write =
        connection.prepareStatement(
            "INSERT INTO schema_version (room, version, reader_min) VALUES (?, ?, ?)"
                + " ON CONFLICT (room) DO UPDATE SET version = excluded.version, reader_min = excluded.reader_min")) {
      write.setString(1, step.room());
      write.setLong(2, step.version());
      write.setLong(3, step.readerMin());
      write.executeUpdate();
    }
  }
}
