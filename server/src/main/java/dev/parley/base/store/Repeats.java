package dev.parley.base.store;

import java.util.function.Supplier;

/** Repeatable requests: the first answer is kept with the effect, and a repeat gets it again. */
public interface Repeats {
  /**
   * Runs the effect, or answers from memory when this key was seen within 24 hours.
   *
   * @param partition the partition of the unit that {@code tx} belongs to
   * @param type record that the answer is kept as, in JSON
   * @throws dev.parley.base.words.Refusal 400 when the key was seen with another body
   */
  <T> T once(Tx tx, PartitionKey partition, RepeatKey key, Class<T> type, Supplier<T> effect);
}
