package dev.parley.base.store;

import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** The three kinds of values that SQL gets, as PostgreSQL and JDBC call them. */
enum GatherType {
  TEXT("text", Types.VARCHAR),
  NUMBER("int8", Types.BIGINT),
  BYTES("bytea", Types.BINARY);

  private final String element;
  private final int jdbc;

  GatherType(String element, int jdbc) {
    this.element = element;
    this.jdbc = jdbc;
  }

  /** The type's name in PostgreSQL. */
  String element() {
    return element;
  }

  /** The type's number in {@link Types}. */
  int jdbc() {
    return jdbc;
  }

  /** An array of the type that the driver sends in binary form. */
  @Nullable Object[] elements(int length) {
    return switch (this) {
      case TEXT -> new @Nullable String[length];
      case NUMBER -> new @Nullable Long[length];
      case BYTES -> new byte @Nullable [length][];
    };
  }

  /** The type of a value that is not null. */
  static GatherType of(Object value) {
    return switch (value) {
      case String _ -> TEXT;
      case Long _ -> NUMBER;
      case byte[] _ -> BYTES;
      default -> throw new IllegalArgumentException("Not a value for SQL: " + value.getClass());
    };
  }
}
