package dev.parley.base.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions of one reading, all answered from the snapshot that the first one takes. */
final class PostgresRows implements Rows {
  private final PostgresReaders readers;
  private PostgresConnection connection;
  private boolean begun;

  PostgresRows(PostgresReaders readers, PostgresConnection connection) {
    this.readers = readers;
    this.connection = connection;
  }

  @Override
  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
    var rows = ask(sql, values);
    var all = new ArrayList<T>(rows.size());
    for (var row : rows) {
      all.add(reader.read(new PostgresRow(row, 0)));
    }
    return all;
  }

  @Override
  public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
    var rows = ask(sql, values);
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(reader.read(new PostgresRow(rows.getFirst(), 0)));
  }

  /** The connection in use. */
  PostgresConnection connection() {
    return connection;
  }

  private List<@Nullable Object[]> ask(String sql, @Nullable Object[] values) {
    var call = new PostgresCall(sql, PostgresValues.checked(values));
    try {
      return begun ? connection.ask(call) : begin(call);
    } catch (SQLException e) {
      throw readers.problem(e, connection);
    }
  }

  /** A connection may have died while it was idle; before the first answer nobody can tell. */
  private List<@Nullable Object[]> begin(PostgresCall call) throws SQLException {
    begun = true;
    try {
      connection.refreshPlans();
      return connection.ask(call);
    } catch (SQLException e) {
      if (PostgresFault.of(e, connection.closed()) != PostgresFault.LOST) {
        throw e;
      }
      connection.close();
      connection = readers.open();
      return connection.ask(call);
    }
  }
}
