package dev.parley.media.control;

/**
 * The rate that the delay allows: up by a share while far from the link's capacity, by a packet per
 * round trip near to it, and down to a part of what arrives when the delay grows
 * (draft-ietf-rmcat-gcc-02 section 5.5).
 */
final class DelayControl {
  private static final double DECREASE = 0.85;
  private static final double INCREASE_PER_SECOND = 1.08;

  private double rate;
  private boolean increasing = true;
  private long updated = Long.MIN_VALUE;
  private long decreased = Long.MIN_VALUE;
  private double capacity;
  private double deviation = 0.4;

  DelayControl(double start) {
    rate = start;
  }

  double bitsPerSecond() {
    return rate;
  }

  /** When the rate last went down, or {@link Long#MIN_VALUE}. */
  long decreased() {
    return decreased;
  }

  /** Something better than a guess: the result of a probe, or a cap. */
  void set(double bitsPerSecond) {
    rate = bitsPerSecond;
    if (capacity > 0 && bitsPerSecond > 1.5 * capacity) {
      capacity = 0;
    }
  }

  /**
   * Follows the trend.
   *
   * @param arrived what arrives, in bits per second; 0 when that is not known
   */
  void update(DelayTrend.Usage usage, double arrived, long roundTrip, long now) {
    var elapsed = updated == Long.MIN_VALUE ? 0 : Math.min(now - updated, Nanos.SECOND);
    updated = now;
    switch (usage) {
      case OVER -> decrease(arrived, roundTrip, now);
      // The queue empties: growing now would only fill it again.
      case UNDER -> increasing = false;
      case NORMAL -> {
        if (increasing) {
          increase(arrived, roundTrip, elapsed);
        }
        increasing = true;
      }
    }
  }

  private void decrease(double arrived, long roundTrip, long now) {
    increasing = false;
    var wait = Math.clamp(roundTrip, 100 * Nanos.MILLISECOND, Nanos.SECOND);
    if (decreased != Long.MIN_VALUE && now - decreased < wait) {
      return;
    }
    var basis = arrived > 0 ? arrived : rate;
    if (arrived > 0) {
      note(arrived);
    }
    rate = Math.min(rate, DECREASE * basis);
    decreased = now;
  }

  private void increase(double arrived, long roundTrip, long elapsed) {
    // What has not been sent proves nothing: at most half more than what arrived.
    var limit = 1.5 * arrived + 10_000;
    if (arrived <= 0 || rate >= limit) {
      return;
    }
    var seconds = (double) elapsed / Nanos.SECOND;
    if (capacity > 0 && arrived > capacity * (1 + 3 * deviation)) {
      capacity = 0;
    }
    double next;
    if (capacity > 0 && rate > capacity * (1 - 3 * deviation)) {
      var response = (double) (roundTrip + 100 * Nanos.MILLISECOND) / Nanos.SECOND;
      next = rate + Math.max(4_000, 8 * 1200 / response) * seconds;
    } else {
      next = rate * Math.pow(INCREASE_PER_SECOND, seconds) + 1_000 * seconds;
    }
    rate = Math.min(next, limit);
  }

  /** The capacity is what arrived when it was too much. */
  private void note(double arrived) {
    if (capacity == 0) {
      capacity = arrived;
      deviation = 0.1;
      return;
    }
    var error = Math.abs(arrived - capacity) / capacity;
    capacity += 0.05 * (arrived - capacity);
    deviation = Math.clamp(deviation + 0.05 * (error - deviation), 0.03, 0.3);
    if (error > 0.5) {
      capacity = arrived;
    }
  }
}
