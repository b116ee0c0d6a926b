package dev.parley.feature.realtime;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition instead of for a time. */
final class Waiting {
  private static final long NANOS_MAX = 60_000_000_000L;

  private Waiting() {}

  static void until(Callable<Boolean> condition) throws Exception {
    var end = System.nanoTime() + NANOS_MAX;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("It did not come true.");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
