package dev.parley.base.words;

/**
 * A chat message: epoch milliseconds, unique and increasing within its thread; written as a decimal
 * string.
 */
public record MessageId(long value) implements Comparable<MessageId> {
  @Override
  public int compareTo(MessageId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
