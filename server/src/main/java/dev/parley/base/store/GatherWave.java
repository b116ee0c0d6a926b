package dev.parley.base.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Units side by side, each on its caller's thread, and the writer that waits until all of them
 * wait.
 */
final class GatherWave {
  private final Thread writer = Thread.currentThread();
  private final AtomicInteger running = new AtomicInteger();

  /** Says how many units are about to go on; before they are woken. */
  void expect(int units) {
    running.set(units);
  }

  /**
   * A unit waits at a statement, or is done. What it wrote before is visible to the writer after.
   */
  void arrive() {
    if (running.decrementAndGet() == 0) {
      LockSupport.unpark(writer);
    }
  }

  /** Waits for every unit; false when one of them takes longer than that. */
  boolean await(long nanos) {
    var deadline = System.nanoTime() + nanos;
    while (running.get() > 0) {
      var left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }
}
