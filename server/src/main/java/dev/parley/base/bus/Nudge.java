package dev.parley.base.bus;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one waiting thread; however often it is given meanwhile, it wakes once. */
final class Nudge {
  private final Semaphore given = new Semaphore(0);

  void give() {
    if (given.availablePermits() == 0) {
      given.release();
    }
  }

  /** Waits until it is given, or the time is over. */
  void await(Duration time) throws InterruptedException {
    var _ = given.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    given.drainPermits();
  }
}
