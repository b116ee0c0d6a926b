package dev.parley.feature.rooms;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When a room may be joined: from the first moment on, and before the second. */
record Validity(Instant from, Instant until) {
  static final Duration LONGEST = Duration.ofDays(180);

  /** What a new room gets where its maker says nothing. */
  static Validity wanted(Instant now, Optional<Instant> from, Optional<Instant> until) {
    return new Validity(from.orElse(now), until.orElse(now.plus(LONGEST))).checked(now);
  }

  /** The same with what a patch names. */
  Validity patched(Instant now, Optional<Instant> newFrom, Optional<Instant> newUntil) {
    return newFrom.isEmpty() && newUntil.isEmpty()
        ? this
        : new Validity(newFrom.orElse(from), newUntil.orElse(until)).checked(now);
  }

  /**
   * The checks of the service in its order. What lies in the past does not count against the 180
   * days: a client's clock may run late, and the service then still gives 180 days from its own
   * now.
   */
  private Validity checked(Instant now) {
    var last = now.plus(LONGEST);
    if (!until.isAfter(now)) {
      throw RoomsProblems.endInThePast();
    }
    if (from.isAfter(last)) {
      throw RoomsProblems.badStart();
    }
    var counted = from.isBefore(now) ? now : from;
    if (!until.isAfter(from) || until.isAfter(counted.plus(LONGEST))) {
      throw RoomsProblems.badRange();
    }
    return new Validity(from.truncatedTo(ChronoUnit.MILLIS), until.truncatedTo(ChronoUnit.MILLIS));
  }
}
