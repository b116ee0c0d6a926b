package dev.parley.media.control;

import java.util.Arrays;

/**
 * Whether the queue before the link stands, that is does not empty between bursts (the idea of RFC
 * 8289): even the smallest of the last delays is above the smallest of the last seconds.
 */
final class StandingQueue {
  private static final int LAST = 8;
  private static final int SECONDS = 10;
  private static final double STANDING_MILLIS = 12;

  private static final double JITTER_MAX = 80;

  private final double[] last = new double[LAST];
  private final double[] bySecond = new double[SECONDS];
  private int groups;
  private long second = Long.MIN_VALUE;

  void restart() {
    groups = 0;
    second = Long.MIN_VALUE;
    Arrays.fill(bySecond, Double.MAX_VALUE);
  }

  /** A group's delay in milliseconds above that of any fixed group. */
  void add(double delay, long arrived) {
    if (second == Long.MIN_VALUE) {
      restart();
    }
    last[groups++ % LAST] = delay;
    var now = arrived / Nanos.SECOND;
    if (second == Long.MIN_VALUE) {
      second = now;
    }
    // A peer can claim any time: no more rounds than there are seconds to forget.
    for (var passed = Math.max(second, now - SECONDS) + 1; passed <= now; passed++) {
      bySecond[(int) Math.floorMod(passed, (long) SECONDS)] = Double.MAX_VALUE;
    }
    second = Math.max(second, now);
    var slot = (int) Math.floorMod(now, (long) SECONDS);
    bySecond[slot] = Math.min(bySecond[slot], delay);
  }

  /** Where delays jitter, more of it is usual. */
  boolean stands(double jitterMillis) {
    var usual = STANDING_MILLIS + Math.min(1.5 * jitterMillis, JITTER_MAX);
    return groups >= LAST && least(last) - least(bySecond) > usual;
  }

  private static double least(double[] values) {
    var least = Double.MAX_VALUE;
    for (var value : values) {
      least = Math.min(least, value);
    }
    return least;
  }
}
