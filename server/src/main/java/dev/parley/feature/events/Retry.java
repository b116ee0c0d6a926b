package dev.parley.feature.events;

import java.time.Instant;

/**
 * An event that waits for another attempt, or for its place among the dead letters.
 *
 * @param attempts so far
 * @param published from when on it lives
 * @param last when the last attempt was; the epoch for none
 * @param outcome how that ended
 * @param doomed why it is a dead letter that could not be written yet; empty text while delivery is
 *     tried
 */
record Retry(
    String eventId,
    int attempts,
    Instant due,
    Instant published,
    Instant last,
    String outcome,
    String doomed) {
  /** An event that is to be delivered now as if it had just happened. */
  static Retry now(String eventId, Instant now) {
    return new Retry(eventId, 0, now, now, Instant.EPOCH, "", "");
  }

  /** The same at another time. */
  Retry at(Instant other) {
    return new Retry(eventId, attempts, other, published, last, outcome, doomed);
  }

  /** After one more attempt that did not deliver. */
  Retry failed(String how, Instant now, Instant next) {
    return new Retry(eventId, attempts + 1, next, published, now, how, "");
  }

  /** Given up. */
  Retry doomed(String reason, Instant now) {
    return new Retry(eventId, attempts, now, published, last, outcome, reason);
  }
}
