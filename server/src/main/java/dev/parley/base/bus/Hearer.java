package dev.parley.base.bus;

import dev.parley.base.store.JournalRow;

/**
 * Listens to what was committed. Runs on a virtual thread of its own; may block; one call at a
 * time.
 */
@FunctionalInterface
public interface Hearer {
  /**
   * Rows come in order per partition. A live hearer gets each row once while it runs; a durable
   * hearer gets it at least once, so its work must be idempotent. A throw makes a durable hearer
   * get the row again after a pause.
   */
  void hear(JournalRow row);

  /**
   * No further row waits, or many were heard since the last pause: the time to do for all of them
   * together what is cheaper so. On the thread of {@link #hear}.
   */
  default void pause() {}
}
