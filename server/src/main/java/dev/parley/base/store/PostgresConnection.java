package dev.parley.base.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * One connection: opened with the settings that every statement here relies on, and with one
 * prepared statement per text. A transaction begins with the first statement and lasts until {@link
 * #commit} or {@link #rollback}. For one thread at a time.
 */
final class PostgresConnection implements AutoCloseable {
  /** A plan may be made while a table is empty; this bounds how long it is kept. */
  private static final long PLAN_NANOS = 60_000_000_000L;

  private static final int STATEMENTS_MAX = 500;

  /**
   * A statement is planned once, and its plan must stay good while its tables grow from nothing. So
   * the planner gets no choice but nested loops over indexes, in the order of the index.
   */
  private static final String PLANS =
      """
      SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off;
      SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
      SET enable_material = off; SET enable_memoize = off; SET max_parallel_workers_per_gather = 0\
      """;

  /**
   * The transaction of a process that stopped in its middle ends, since others wait for its shards;
   * and whoever waits gives up. A statement sees what was committed before it, so a unit that
   * waited for its shards sees the units before it. No answer leaves before its commit is on the
   * disk. All this also where the role's settings say otherwise.
   */
  private static final String WRITER =
      """
      SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
      SET lock_timeout = '10s'; SET statement_timeout = '30s';
      SET idle_in_transaction_session_timeout = '30s';
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') = 'off'\
      """;

  private static final String READER =
      "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  /** What travels with the next statement, and who gets its rows. */
  private record Deferred(PostgresCall call, Consumer<List<@Nullable Object[]>> rows) {}

  private final Connection jdbc;
  private final List<Deferred> deferred = new ArrayList<>();
  private long planned = System.nanoTime();

  private final Map<String, PreparedStatement> statements =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
          if (size() <= STATEMENTS_MAX) {
            return false;
          }
          closeQuietly(eldest.getValue());
          return true;
        }
      };

  private PostgresConnection(Connection jdbc) {
    this.jdbc = jdbc;
  }

  /** A connection that writes. */
  static PostgresConnection writer(PostgresConfig config) throws SQLException {
    return open(config, PLANS + ";" + WRITER);
  }

  /** A connection whose transactions read from one snapshot. */
  static PostgresConnection reader(PostgresConfig config) throws SQLException {
    return open(config, PLANS + ";" + READER);
  }

  private static PostgresConnection open(PostgresConfig config, String settings)
      throws SQLException {
    var given = new Properties();
    given.setProperty("ApplicationName", "parley");
    given.setProperty("prepareThreshold", "1");
    given.setProperty("preparedStatementCacheQueries", "0");
    given.setProperty("connectTimeout", "5");
    given.setProperty("loginTimeout", "10");
    given.setProperty("socketTimeout", "60");
    given.setProperty("tcpKeepAlive", "true");
    // The detail of an error quotes stored rows.
    given.setProperty("logServerErrorDetail", "false");
    if (!config.user().isEmpty()) {
      given.setProperty("user", config.user());
    }
    var password = new String(config.password().reveal(), StandardCharsets.UTF_8);
    if (!password.isEmpty()) {
      given.setProperty("password", password);
    }
    var jdbc = new Driver().connect(config.url(), given);
    if (jdbc == null) {
      throw new SQLException("Not the URL of a PostgreSQL database.");
    }
    var connection = new PostgresConnection(jdbc);
    try {
      jdbc.setAutoCommit(false);
      connection.script(settings);
      connection.commit();
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Sends a statement together with the next one, before it, in one round trip; a rollback forgets
   * it.
   *
   * @param rows gets its answer, before the next one's is there
   */
  void defer(PostgresCall call, Consumer<List<@Nullable Object[]>> rows) {
    deferred.add(new Deferred(call, rows));
  }

  /** Sends what was deferred. */
  void flush() throws SQLException {
    if (!deferred.isEmpty()) {
      send(List.of());
    }
  }

  /** Asks, and fetches the whole answer. */
  List<@Nullable Object[]> ask(PostgresCall call) throws SQLException {
    if (!deferred.isEmpty()) {
      return send(List.of(call));
    }
    var statement = prepared(call.sql());
    bind(statement, 1, call.values());
    try (var answer = statement.executeQuery()) {
      return rows(answer);
    }
  }

  /** Runs a statement, and says how many rows changed. */
  int run(PostgresCall call) throws SQLException {
    flush();
    var statement = prepared(call.sql());
    bind(statement, 1, call.values());
    return statement.executeUpdate();
  }

  /** Runs calls of one and the same text in one round trip; a count for each. */
  int[] batch(List<PostgresCall> calls) throws SQLException {
    flush();
    var statement = prepared(calls.getFirst().sql());
    statement.clearBatch();
    for (var call : calls) {
      bind(statement, 1, call.values());
      statement.addBatch();
    }
    return statement.executeBatch();
  }

  /** Runs several statements, {@code COMMIT} perhaps among them, in one round trip. */
  void runAll(List<PostgresCall> calls) throws SQLException {
    send(calls);
  }

  /** Sends what was deferred, and then these; gives the rows of the last. */
  private List<@Nullable Object[]> send(List<PostgresCall> calls) throws SQLException {
    var all = new ArrayList<>(deferred);
    deferred.clear();
    calls.forEach(call -> all.add(new Deferred(call, _ -> {})));
    var statement =
        prepared(String.join(";\n", all.stream().map(one -> one.call().sql()).toList()));
    var index = 1;
    for (var one : all) {
      index = bind(statement, index, one.call().values());
    }
    var answered = statement.execute();
    List<@Nullable Object[]> last = List.of();
    for (var one : all) {
      try (var answer = answered ? statement.getResultSet() : null) {
        last = answer == null ? List.of() : rows(answer);
      }
      one.rows().accept(last);
      answered = statement.getMoreResults();
    }
    return last;
  }

  /** Runs constant text that takes no values, such as DDL. */
  void script(String sql) throws SQLException {
    try (var statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  void commit() throws SQLException {
    flush();
    jdbc.commit();
  }

  void rollback() throws SQLException {
    deferred.clear();
    jdbc.rollback();
  }

  /** Plans again what was planned long ago; call it at the beginning of a transaction. */
  void refreshPlans() throws SQLException {
    if (System.nanoTime() - planned > PLAN_NANOS) {
      script("DISCARD PLANS");
      planned = System.nanoTime();
    }
  }

  /** The driver's connection, for copying tables in and out. */
  Connection jdbc() {
    return jdbc;
  }

  /** Whether the driver has given it up. */
  boolean closed() {
    try {
      return jdbc.isClosed();
    } catch (SQLException _) {
      return true;
    }
  }

  @Override
  public void close() {
    closeQuietly(jdbc);
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = jdbc.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  private int bind(PreparedStatement statement, int first, @Nullable Object[] values)
      throws SQLException {
    var index = first;
    for (var value : values) {
      switch (value) {
        case null -> statement.setNull(index, Types.NULL);
        case String text -> statement.setString(index, text);
        case Long number -> statement.setLong(index, number);
        case byte[] bytes -> statement.setBytes(index, bytes);
        case GatherType type -> statement.setNull(index, type.jdbc());
        case PostgresArray array ->
            statement.setArray(index, jdbc.createArrayOf(array.type().element(), array.elements()));
        case Object other ->
            throw new IllegalArgumentException("Not a value for SQL: " + other.getClass());
      }
      index++;
    }
    return index;
  }

  private static List<@Nullable Object[]> rows(ResultSet answer) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    var columns = answer.getMetaData().getColumnCount();
    while (answer.next()) {
      var row = new @Nullable Object[columns];
      for (var i = 0; i < columns; i++) {
        row[i] = answer.getObject(i + 1);
      }
      rows.add(row);
    }
    return rows;
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception _) {
      // It is given up; the server frees what belongs to it.
    }
  }
}
