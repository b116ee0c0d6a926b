package dev.parley.feature.email.delivery;

import dev.parley.feature.email.RecipientState;

/** What a last hop says of an attempt. */
public sealed interface Attempt {
  String host();

  String reply();

  /** The next server took it over, or there is no use in trying again. */
  record Ended(RecipientState state, String host, String reply) implements Attempt {}

  /**
   * Not now.
   *
   * @param laneDown whether the whole destination is out of reach, so that its other messages wait
   *     too
   */
  record NotNow(String host, String reply, boolean laneDown) implements Attempt {}
}
