package dev.parley.feature.chat;

import java.util.Optional;

/**
 * What a unit must know before it changes a thread: whether the user is in it, and where the
 * messages end.
 *
 * @param version the thread's membership version
 * @param lastId newest message, 0 when there is none
 * @param shareFrom first message that the user sees
 * @param removedAt last message that a removed user sees; empty for a participant
 */
record Membership(
    long version, long lastId, long lastSequence, long shareFrom, Optional<Long> removedAt) {
  boolean active() {
    return removedAt.isEmpty();
  }

  /** The next message of the thread: later than any before it, also when the clock went back. */
  long nextId(long now) {
    return Math.max(lastId + 1, now);
  }

  boolean sees(long messageId) {
    return messageId >= shareFrom && messageId <= removedAt.orElse(Long.MAX_VALUE);
  }
}
