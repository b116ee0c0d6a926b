package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Many virtual threads at once; every wait is bounded. */
final class Crowd implements AutoCloseable {
  private static final long WAIT_SECONDS = 120;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Does the work of all at the same time and gives their answers in order. */
  static <T> List<T> each(int size, IntFunction<T> work) throws Exception {
    try (var crowd = new Crowd()) {
      var tasks = new ArrayList<Callable<T>>();
      for (var i = 0; i < size; i++) {
        var number = i;
        tasks.add(() -> work.apply(number));
      }
      var answers = new ArrayList<T>();
      for (var future : crowd.threads.invokeAll(tasks, WAIT_SECONDS, TimeUnit.SECONDS)) {
        assertFalse(future.isCancelled(), "somebody is still waiting");
        answers.add(future.get());
      }
      return answers;
    }
  }

  <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  static <T> T answer(Future<T> future) throws Exception {
    return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits inside of a unit or a listener as well, where nothing may be thrown. */
  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(WAIT_SECONDS, TimeUnit.SECONDS), "waited for too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting.", e);
    }
  }

  /** Looks again and again until it is so. */
  static void until(BooleanSupplier condition) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for too long");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Leaves behind whoever is stuck, so that a failure is reported instead of waited for. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
