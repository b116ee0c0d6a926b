package dev.parley.base.event;

import java.time.Instant;

/** Something that costs, so it is counted; journaled in the unit that causes it. */
public sealed interface UsageEvent extends Event {
  /**
   * So much was used.
   *
   * @param meter what is counted, big word first: {@code sms.segments}, {@code email.messages},
   *     {@code numbers.months}; lower case, at most 64 characters
   * @param quantity in the meter's unit; more than 0
   * @param subject what it was used on: an owned number, a sender, an id of a message; never a
   *     recipient's address
   * @param at service time, which decides the day that it counts for
   */
  record Recorded(String meter, long quantity, String subject, Instant at) implements UsageEvent {}
}
