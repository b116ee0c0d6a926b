package dev.parley.base.store;

import java.sql.SQLException;

/** What a failed statement means for the work at hand; by SQLSTATE (PostgreSQL, appendix A). */
enum PostgresFault {
  /** The connection is gone, or leads to a server that does not write (any more). */
  LOST,
  /** Somebody else was in the way; the same work may succeed in a moment. */
  BUSY,
  /** The server cannot: disk, memory or connections are used up. */
  FULL,
  /** The statement itself, or its values. */
  STATEMENT;

  static PostgresFault of(SQLException problem, boolean closed) {
    var state = problem.getSQLState() == null ? "" : problem.getSQLState();
    if (closed || state.startsWith("08") || state.startsWith("57P")) {
      return LOST;
    }
    return switch (state) {
      // The session waited too long inside its transaction; the server is a standby.
      case "25P03", "25006" -> LOST;
      // Serialization failure, deadlock, lock timeout.
      case "40001", "40P01", "55P03" -> BUSY;
      default -> state.startsWith("53") ? FULL : STATEMENT;
    };
  }
}
