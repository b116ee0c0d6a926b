package dev.parley.feature.calling;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that works on a call, and what waits for it. Requests beyond the bound are
 * refused; what the room itself has to say (somebody is gone, time has passed) is at most a few
 * notes for each participant and always taken.
 */
final class Mailbox {
  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);
  private static final int WAITING_MAX = 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final java.util.concurrent.locks.Condition more = lock.newCondition();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Runnable gathered;
  private boolean closed;
  private long flushAt;

  /**
   * A mailbox; nothing runs before {@link #start}.
   *
   * @param gathered done on the owner's thread, some time after {@link #flushSoon}
   */
  Mailbox(Runnable gathered) {
    this.gathered = gathered;
  }

  void start(String name) {
    Thread.ofVirtual().name(name).start(this::run);
  }

  /** Takes a request; false when too many wait or the call is over. */
  boolean post(Runnable task) {
    return add(task, WAITING_MAX);
  }

  /** Takes what must not be lost; false when the call is over. */
  boolean must(Runnable task) {
    return add(task, Integer.MAX_VALUE);
  }

  private boolean add(Runnable task, int bound) {
    lock.lock();
    try {
      if (closed || waiting.size() >= bound) {
        return false;
      }
      waiting.add(task);
      more.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has what was gathered done a while from now. On the owner's thread. */
  void flushSoon(long nanos) {
    if (flushAt == 0) {
      flushAt = System.nanoTime() + nanos;
      if (flushAt == 0) {
        flushAt = 1;
      }
    }
  }

  /** What was gathered has just been done. */
  void flushed() {
    flushAt = 0;
  }

  /** Takes nothing more. What waits already is still done. */
  void close() {
    lock.lock();
    try {
      closed = true;
      more.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      try {
        var task = next();
        if (task == null) {
          return;
        }
        task.run();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        // Our fault; the call goes on for everybody else.
        log.error("a call's owner failed at one thing", e);
      }
    }
  }

  /** The next thing to do; null at the end. */
  private @Nullable Runnable next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (flushAt != 0 && flushAt - System.nanoTime() <= 0) {
          flushAt = 0;
          return gathered;
        }
        var task = waiting.poll();
        if (task != null) {
          return task;
        }
        if (closed) {
          return null;
        }
        if (flushAt == 0) {
          more.await();
        } else {
          var _ = more.await(flushAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
