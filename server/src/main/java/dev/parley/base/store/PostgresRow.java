package dev.parley.base.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of an answer, fetched whole.
 *
 * @param first index of the first column that the question asked for; before it stands what the
 *     gathering added
 */
record PostgresRow(@Nullable Object[] values, int first) implements Row {
  @Override
  public String text(int column) {
    return textIf(column).orElseThrow(() -> unexpectedNull(column));
  }

  @Override
  public Optional<String> textIf(int column) {
    return Optional.ofNullable((String) at(column));
  }

  @Override
  public long number(int column) {
    return numberIf(column).orElseThrow(() -> unexpectedNull(column));
  }

  @Override
  public Optional<Long> numberIf(int column) {
    return switch (at(column)) {
      case null -> Optional.empty();
      case Long number -> Optional.of(number);
      // Sums are NUMERIC and comparisons BOOLEAN here; on SQLite both are whole numbers.
      case Number number -> Optional.of(number.longValue());
      case Boolean truth -> Optional.of(truth ? 1L : 0L);
      case Object other ->
          throw new ClassCastException("Column " + column + " is a " + other.getClass());
    };
  }

  @Override
  public byte[] bytes(int column) {
    return bytesIf(column).orElseThrow(() -> unexpectedNull(column));
  }

  @Override
  public Optional<byte[]> bytesIf(int column) {
    return Optional.ofNullable((byte[]) at(column));
  }

  private @Nullable Object at(int column) {
    if (column < 1 || column + first > values.length) {
      throw new IndexOutOfBoundsException("The answer has no column " + column + ".");
    }
    return values[column + first - 1];
  }

  private static IllegalStateException unexpectedNull(int column) {
    return new IllegalStateException("Column " + column + " is null.");
  }
}
