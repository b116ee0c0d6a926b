package dev.parley.base.store;

import java.time.Instant;
import java.util.Optional;

/** One row of an answer; columns are counted from 1 in the order of the SELECT list. */
public interface Row {
  /** A TEXT column that is never null. */
  String text(int column);

  /** A TEXT column that may be null. */
  Optional<String> textIf(int column);

  /** A BIGINT column that is never null. */
  long number(int column);

  /** A BIGINT column that may be null. */
  Optional<Long> numberIf(int column);

  /** A BYTEA column that is never null. */
  byte[] bytes(int column);

  /** A BYTEA column that may be null. */
  Optional<byte[]> bytesIf(int column);

  /** A BIGINT column of epoch milliseconds. */
  default Instant time(int column) {
    return Instant.ofEpochMilli(number(column));
  }

  /** A BIGINT column of epoch milliseconds that may be null. */
  default Optional<Instant> timeIf(int column) {
    return numberIf(column).map(Instant::ofEpochMilli);
  }
}
