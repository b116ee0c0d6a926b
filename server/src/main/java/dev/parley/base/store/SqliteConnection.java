package dev.parley.base.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SQLite connection with its prepared statements; used by one platform thread, since native
 * calls pin a carrier.
 */
final class SqliteConnection implements Rows, AutoCloseable {
  /** Statement texts are constants of the stores, so this is never reached; it bounds a mistake. */
  private static final int STATEMENTS_MAX = 2_000;

  private static final Logger log = LoggerFactory.getLogger(SqliteConnection.class);

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  SqliteConnection(Path file, boolean readOnly, List<String> pragmas) throws SQLException {
    var mode = readOnly ? "?open_mode=1" : "";
    var options = new Properties();
    // The driver would ask for the last row's number after every change, by a statement of its own.
    options.setProperty("jdbc.get_generated_keys", "false");
    connection = DriverManager.getConnection("jdbc:sqlite:file:" + escaped(file) + mode, options);
    // Not kept: a pragma may answer rows, and a statement with rows to give holds up every commit.
    try (var statement = connection.createStatement()) {
      for (var pragma : pragmas) {
        statement.execute("PRAGMA " + pragma);
      }
    }
  }

  /** A path as SQLite reads it in a {@code file:} address. */
  private static String escaped(Path file) {
    return file.toAbsolutePath()
        .toString()
        .replace("%", "%25")
        .replace("?", "%3f")
        .replace("#", "%23");
  }

  Connection jdbc() {
    return connection;
  }

  @Override
  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
    try (var rows = bound(sql, values).executeQuery()) {
      var all = new ArrayList<T>();
      var row = new JdbcRow(rows);
      while (rows.next()) {
        all.add(reader.read(row));
      }
      return all;
    } catch (SQLException e) {
      forget(sql);
      throw new SqlFault(e);
    }
  }

  @Override
  public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
    try (var rows = bound(sql, values).executeQuery()) {
      return rows.next() ? Optional.of(reader.read(new JdbcRow(rows))) : Optional.empty();
    } catch (SQLException e) {
      forget(sql);
      throw new SqlFault(e);
    }
  }

  int run(String sql, @Nullable Object... values) {
    try {
      return bound(sql, values).executeUpdate();
    } catch (SQLException e) {
      forget(sql);
      throw new SqlFault(e);
    }
  }

  /** A statement without parameters that answers nothing worth reading. */
  void execute(String sql) throws SQLException {
    try {
      prepared(sql).execute();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  /** The driver ends a statement that met a full disk and the like; the next call makes another. */
  private void forget(String sql) {
    var failed = statements.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        log.debug("a failed statement cannot be closed", e);
      }
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    var statement = prepared(sql);
    // A kept statement would otherwise use what an earlier caller, of another resource perhaps,
    // gave.
    if (statement.getParameterMetaData().getParameterCount() != values.length) {
      throw new IllegalArgumentException("Not as many values as marks: " + sql);
    }
    for (var i = 0; i < values.length; i++) {
      switch (values[i]) {
        case null -> statement.setObject(i + 1, null);
        case String text -> statement.setString(i + 1, text);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setLong(i + 1, number);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        default -> throw new IllegalArgumentException("No value for SQL: " + values[i].getClass());
      }
    }
    return statement;
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    var known = statements.get(sql);
    if (known != null) {
      return known;
    }
    if (statements.size() >= STATEMENTS_MAX) {
      throw new IllegalStateException("SQL texts must be constants; this one is not: " + sql);
    }
    var fresh = connection.prepareStatement(sql);
    statements.put(sql, fresh);
    return fresh;
  }

  @Override
  public void close() throws SQLException {
    for (var statement : statements.values()) {
      statement.close();
    }
    connection.close();
  }
}
