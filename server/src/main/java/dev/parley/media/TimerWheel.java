package dev.parley.media;

import org.jspecify.annotations.Nullable;

/**
 * Timers of one thread, in slots of some milliseconds. Setting, moving and cancelling one takes the
 * same short time however many there are, and makes no object: the timer is the owner's.
 */
final class TimerWheel {
  static final long TICK_NANOS = 5_000_000;

  private static final int SLOTS = 1024;

  /** Something that is to happen once. */
  static final class Timer {
    private final Runnable action;
    private @Nullable Timer next;
    private @Nullable Timer previous;
    private long dueTick;
    private int slot = -1;

    Timer(Runnable action) {
      this.action = action;
    }

    boolean isSet() {
      return slot >= 0;
    }
  }

  private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS];
  private final long startNanos;
  private long tick;
  private int size;

  TimerWheel(long nowNanos) {
    startNanos = nowNanos;
  }

  /** Sets or moves a timer; it runs at the first tick that is not before the time. */
  void set(Timer timer, long dueNanos) {
    cancel(timer);
    timer.dueTick = Math.max(tick + 1, (dueNanos - startNanos + TICK_NANOS - 1) / TICK_NANOS);
    timer.slot = (int) (timer.dueTick % SLOTS);
    timer.previous = null;
    timer.next = slots[timer.slot];
    if (timer.next != null) {
      timer.next.previous = timer;
    }
    slots[timer.slot] = timer;
    size++;
  }

  void cancel(Timer timer) {
    if (timer.slot < 0) {
      return;
    }
    if (timer.previous != null) {
      timer.previous.next = timer.next;
    } else {
      slots[timer.slot] = timer.next;
    }
    if (timer.next != null) {
      timer.next.previous = timer.previous;
    }
    timer.slot = -1;
    timer.next = null;
    timer.previous = null;
    size--;
  }

  /** Runs what is due. */
  void advance(long nowNanos) {
    var target = (nowNanos - startNanos) / TICK_NANOS;
    if (size == 0) {
      tick = Math.max(tick, target);
      return;
    }
    while (tick < target) {
      tick++;
      var slot = (int) (tick % SLOTS);
      var timer = slots[slot];
      while (timer != null) {
        if (timer.dueTick <= tick) {
          cancel(timer);
          timer.action.run();
          // The action may have changed this slot in any way, so it is read anew.
          timer = slots[slot];
        } else {
          timer = timer.next;
        }
      }
    }
  }

  /** How long nothing is due, at most {@code max} milliseconds. */
  int idleMillis(long nowNanos, int max) {
    if (size == 0) {
      return max;
    }
    for (var ahead = 1; ahead < SLOTS && ahead * TICK_NANOS / 1_000_000 < max; ahead++) {
      for (var timer = slots[(int) ((tick + ahead) % SLOTS)]; timer != null; timer = timer.next) {
        if (timer.dueTick <= tick + ahead) {
          var due = startNanos + (tick + ahead) * TICK_NANOS;
          return Math.clamp((due - nowNanos + 999_999) / 1_000_000, 0, max);
        }
      }
    }
    return max;
  }
}
