package dev.parley.base.store;

import java.sql.SQLException;

/** What callers get when PostgreSQL does not do what it should. */
final class PostgresProblems {
  private PostgresProblems() {}

  /** The statement or its values are wrong, which is a fault of ours. */
  static IllegalStateException failed(SQLException problem) {
    return new IllegalStateException("A statement failed: " + said(problem), problem);
  }

  static StoreUnavailable unknownOutcome(Throwable problem) {
    return new StoreUnavailable(
        "The connection broke while the change was committed; whether it is stored is unknown.",
        problem);
  }

  static StoreUnavailable unreachable(String place, SQLException problem) {
    return new StoreUnavailable(
        "PostgreSQL at %s cannot be reached: %s".formatted(place, said(problem)), problem);
  }

  static StoreUnavailable unable(SQLException problem) {
    return new StoreUnavailable("PostgreSQL cannot store it now: " + said(problem), problem);
  }

  static StoreUnavailable triedTooOften() {
    return new StoreUnavailable("The change could not be stored in several attempts.", null);
  }

  static StoreUnavailable tooSlow() {
    return new StoreUnavailable("The unit took too long between two statements.", null);
  }

  static StoreUnavailable full() {
    return new StoreUnavailable("Too many units wait for the writer.", null);
  }

  static StoreUnavailable closed() {
    return new StoreUnavailable("The store is closed.", null);
  }

  static StoreUnavailable noReader() {
    return new StoreUnavailable("No connection became free to read with.", null);
  }

  /** State and first words; the driver leaves out the detail, which quotes rows. */
  static String said(SQLException problem) {
    return "%s (%s)".formatted(problem.getMessage(), problem.getSQLState());
  }
}
