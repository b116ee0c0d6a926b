package dev.parley.feature.email;

import java.time.Instant;

/**
 * How one attempt to deliver ended. {@code host} is the server that said so, {@code reply} are its
 * words.
 */
public sealed interface DeliveryOutcome {
  String host();

  String reply();

  /** There will be no further attempt. */
  record Ended(RecipientState state, String host, String reply) implements DeliveryOutcome {}

  /** Not yet; again from a time on. */
  record Later(Instant again, String host, String reply) implements DeliveryOutcome {}
}
