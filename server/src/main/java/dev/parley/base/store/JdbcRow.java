package dev.parley.base.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** A row of a JDBC result. */
record JdbcRow(ResultSet rows) implements Row {
  @Override
  public String text(int column) {
    return textIf(column).orElseThrow(() -> missing(column));
  }

  @Override
  public Optional<String> textIf(int column) {
    try {
      return Optional.ofNullable(rows.getString(column));
    } catch (SQLException e) {
      throw new SqlFault(e);
    }
  }

  @Override
  public long number(int column) {
    return numberIf(column).orElseThrow(() -> missing(column));
  }

  @Override
  public Optional<Long> numberIf(int column) {
    try {
      var number = rows.getLong(column);
      return rows.wasNull() ? Optional.empty() : Optional.of(number);
    } catch (SQLException e) {
      throw new SqlFault(e);
    }
  }

  @Override
  public byte[] bytes(int column) {
    return bytesIf(column).orElseThrow(() -> missing(column));
  }

  @Override
  public Optional<byte[]> bytesIf(int column) {
    try {
      return Optional.ofNullable(rows.getBytes(column));
    } catch (SQLException e) {
      throw new SqlFault(e);
    }
  }

  private static IllegalStateException missing(int column) {
    return new IllegalStateException("Column " + column + " is null.");
  }
}
