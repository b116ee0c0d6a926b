package dev.parley.base.store;

import org.jspecify.annotations.Nullable;

/** The values that SQL takes. */
final class PostgresValues {
  private PostgresValues() {}

  /**
   * The values as the driver gets them.
   *
   * @throws IllegalArgumentException for a value of another type, and for text with U+0000, which
   *     PostgreSQL cannot store
   */
  static @Nullable Object[] checked(@Nullable Object[] given) {
    var values = new @Nullable Object[given.length];
    for (var i = 0; i < given.length; i++) {
      values[i] =
          switch (given[i]) {
            case null -> null;
            case String text when text.indexOf('\0') >= 0 ->
                throw new IllegalArgumentException("Text for SQL holds U+0000.");
            case String text -> text;
            case Long number -> number;
            case Integer number -> Long.valueOf(number);
            case byte[] bytes -> bytes;
            case Object other ->
                throw new IllegalArgumentException("Not a value for SQL: " + other.getClass());
          };
    }
    return values;
  }
}
