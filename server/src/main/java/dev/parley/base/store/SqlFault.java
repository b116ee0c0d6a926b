package dev.parley.base.store;

import java.sql.SQLException;

/** A statement that failed: our bug, unless the disk is at fault. */
final class SqlFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SqlFault(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  SQLException sql() {
    return getCause() instanceof SQLException sql ? sql : new SQLException(getMessage());
  }
}
