package dev.parley.feature.email.delivery;

import dev.parley.feature.email.OutboxItem;

/**
 * Where messages leave the house: a smarthost, the recipient's own server, or the mailbox for
 * tests.
 */
public interface LastHop {
  /**
   * One attempt, with blocking code on a virtual thread. Outside failures are outcomes, never
   * thrown.
   */
  Attempt deliver(OutboxItem item);

  /** Is called after the end of an attempt was stored. */
  default void ended(OutboxItem item) {}

  /** Which lane a destination's messages wait in; messages of one lane share its bounds. */
  String lane(String destination);

  /** Whether there is one lane for everything. */
  boolean hasOneLane();
}
