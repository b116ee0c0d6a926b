package dev.parley.media.control;

import java.util.Arrays;

/**
 * The rate that the loss allows (draft-ietf-rmcat-gcc-02 section 6), measured against the loss that
 * the link always has: who sits on bad radio loses packets at any rate, and sending less would not
 * help.
 */
final class LossControl {
  private static final int PACKETS_MIN = 50;
  private static final long WINDOW = 800 * Nanos.MILLISECOND;
  private static final long WINDOW_MAX = 3 * Nanos.SECOND;
  private static final double LOW = 0.02;
  private static final double HIGH = 0.10;

  /** Loss beyond this is never taken as usual. */
  private static final double USUAL_MAX = 0.12;

  private final double[] losses = new double[24];
  private int windows;
  private double rate;
  private long begun = Long.MIN_VALUE;
  private int received;
  private int lost;
  private double usual;

  LossControl(double start) {
    rate = start;
  }

  double bitsPerSecond() {
    return rate;
  }

  void set(double bitsPerSecond) {
    rate = bitsPerSecond;
  }

  /** The last window's loss, 0 to 1. */
  double loss() {
    return windows == 0 ? 0 : losses[(windows - 1) % losses.length];
  }

  void received() {
    received++;
  }

  void lost() {
    lost++;
  }

  /** A packet that was told as lost came after all. */
  void lateAfterAll() {
    received++;
    lost = Math.max(0, lost - 1);
  }

  /** Judges when enough has been told. Returns whether the rate went down. */
  boolean update(double arrived, long now) {
    if (begun == Long.MIN_VALUE) {
      begun = now;
    }
    var packets = received + lost;
    var elapsed = now - begun;
    if (elapsed < WINDOW || (packets < PACKETS_MIN && elapsed < WINDOW_MAX) || packets == 0) {
      return false;
    }
    var down = judge((double) lost / packets, arrived, elapsed);
    received = 0;
    lost = 0;
    begun = now;
    return down;
  }

  /** A report of a peer that gives no transport-wide feedback. */
  boolean report(double loss, double arrived, long now) {
    var elapsed = begun == Long.MIN_VALUE ? Nanos.SECOND : now - begun;
    if (elapsed < WINDOW) {
      return false;
    }
    begun = now;
    return judge(loss, arrived, elapsed);
  }

  private boolean judge(double loss, double arrived, long elapsed) {
    losses[windows++ % losses.length] = loss;
    learn();
    var excess = loss - usual;
    if (excess > HIGH) {
      rate *= 1 - 0.5 * excess;
      // So much is no accident: the link drops what it cannot carry.
      if (excess > 0.3 && arrived > 0) {
        rate = Math.min(rate, 0.9 * arrived);
      }
      return true;
    }
    if (excess < LOW) {
      var seconds = (double) Math.min(elapsed, Nanos.SECOND) / Nanos.SECOND;
      rate *= Math.pow(1.08, seconds);
    }
    return false;
  }

  /** The usual loss is what three quarters of the last windows exceeded. */
  private void learn() {
    var known = Math.min(windows, losses.length);
    if (known < 4) {
      return;
    }
    var sorted = Arrays.copyOf(losses, known);
    Arrays.sort(sorted);
    usual = Math.min(USUAL_MAX, sorted[known / 4]);
  }
}
