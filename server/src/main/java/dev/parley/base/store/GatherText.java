package dev.parley.base.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text, with what the writer has learned about it. Belongs to the thread that writes. */
final class GatherText {
  private final GatherSql sql;

  /** The type of each question mark, as soon as a value was seen that is not null. */
  private final @Nullable GatherType[] types;

  private boolean alone;

  GatherText(String text) {
    this.sql = GatherSql.of(text);
    this.types = new @Nullable GatherType[sql.marks()];
  }

  GatherSql.Form form() {
    return sql.form();
  }

  /** From now on the text runs for one unit at a time, since PostgreSQL refused its other form. */
  void keepAlone() {
    alone = true;
  }

  /** Whether one statement may stand for all of these; each value of a mark has the same type. */
  boolean gathers(List<GatherStatement> statements) throws SQLException {
    var same = !alone && sql.form() != GatherSql.Form.OTHER;
    for (var statement : statements) {
      same &= learn(statement.values());
    }
    return same && !takesNothing();
  }

  /** Whether every unit gets the same answer, since none gives a value. */
  boolean takesNothing() {
    return Arrays.stream(types).allMatch(type -> type == null);
  }

  /** The statement of one unit. */
  PostgresCall call(GatherStatement statement) throws SQLException {
    learn(statement.values());
    var values = statement.values().clone();
    for (var i = 0; i < values.length; i++) {
      if (values[i] == null) {
        values[i] = types[i];
      }
    }
    return new PostgresCall(sql.text(), values);
  }

  /** One statement for all of them; only when they gather. */
  PostgresCall call(List<GatherStatement> statements) {
    var arrays = new ArrayList<@Nullable Object>();
    for (var i = 0; i < types.length; i++) {
      var type = types[i];
      if (type != null) {
        var elements = type.elements(statements.size());
        for (var j = 0; j < elements.length; j++) {
          elements[j] = statements.get(j).values()[i];
        }
        arrays.add(new PostgresArray(type, elements));
      }
    }
    var known = new ArrayList<@Nullable GatherType>();
    for (var type : types) {
      known.add(type);
    }
    return new PostgresCall(sql.gathered(known), arrays.toArray());
  }

  private boolean learn(@Nullable Object[] values) throws SQLException {
    if (values.length != types.length) {
      throw new SQLException(
          "The text takes %d values, not %d.".formatted(types.length, values.length), "07001");
    }
    var same = true;
    for (var i = 0; i < values.length; i++) {
      var value = values[i];
      if (value != null) {
        var type = GatherType.of(value);
        var known = types[i];
        same &= known == null || known == type;
        types[i] = known == null ? type : known;
      }
    }
    return same;
  }
}
