package dev.parley.base.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a unit asked of the store. The answer is written before the unit is woken. */
final class GatherStatement {
  /** Whether the unit waits, and what for. */
  enum Kind {
    /** Rows. */
    ASK,
    /** A count. */
    RUN,
    /** Nothing; it goes out when it must. */
    ADD
  }

  private final Kind kind;
  private final String sql;
  private final @Nullable Object[] values;
  private List<PostgresRow> rows = List.of();
  private int count;
  private boolean writing;
  private @Nullable SQLException failure;

  private GatherStatement(Kind kind, String sql, @Nullable Object[] values) {
    this.kind = kind;
    this.sql = sql;
    this.values = values;
  }

  /**
   * Checks the values where the unit's own code is on the stack, so that a value that the database
   * would refuse harms no other unit.
   */
  static GatherStatement of(Kind kind, String sql, @Nullable Object[] given) {
    return new GatherStatement(kind, sql, PostgresValues.checked(given));
  }

  Kind kind() {
    return kind;
  }

  String sql() {
    return sql;
  }

  @Nullable Object[] values() {
    return values;
  }

  /** Whether both ask for rows, and for the same. */
  boolean equalsQuestion(GatherStatement other) {
    return kind == Kind.ASK
        && other.kind == Kind.ASK
        && sql.equals(other.sql)
        && Arrays.deepEquals(values, other.values);
  }

  List<PostgresRow> rows() {
    return rows;
  }

  int count() {
    return count;
  }

  /** Whether the text may have changed something; a question may, where it is a RETURNING. */
  boolean writing() {
    return writing;
  }

  /** Says that the text goes out, and is more than a question. */
  void writes() {
    writing = true;
  }

  /** Why there is no answer. */
  @Nullable SQLException failure() {
    return failure;
  }

  void answer(List<PostgresRow> rows) {
    this.rows = rows;
  }

  void answer(int count) {
    this.count = count;
  }

  void fail(SQLException problem) {
    this.failure = problem;
  }
}
