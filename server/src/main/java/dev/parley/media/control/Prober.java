package dev.parley.media.control;

/**
 * Plans when padding is sent to find out whether the link carries more than the estimate says: at
 * the begin, and then when more is wanted than the estimate allows. A probe that succeeds is
 * followed by a higher one at once, one that fails by a pause that doubles.
 */
public final class Prober {
  /** No probe is going on. */
  public static final int NONE = 0;

  private static final long PAUSE_MIN = 2 * Nanos.SECOND;
  private static final long PAUSE_MAX = 6 * Nanos.SECOND;
  private static final long CALM = 2 * Nanos.SECOND;
  private static final long SPAN_MIN = 25 * Nanos.MILLISECOND;
  private static final long SPAN_MAX = 250 * Nanos.MILLISECOND;

  /** A layer needs some room beyond its rate to be chosen. */
  private static final double ENOUGH = 1.25;

  private static final int PACKETS_MIN = 8;
  private static final int PACKET_BITS = 8 * 1200;

  private int cluster;
  private boolean sending;
  private boolean waiting;
  private double target;
  private long begun = Long.MIN_VALUE;
  private long span;
  private double bitsSent;
  private long pause = PAUSE_MIN;
  private long next = Long.MIN_VALUE;

  /** The probe that packets sent now belong to, or {@link #NONE}. */
  public int cluster() {
    return sending ? cluster : NONE;
  }

  /** Counts a packet of any kind that is sent while a probe goes on. */
  void sent(int bytes) {
    if (sending) {
      bitsSent += 8.0 * bytes;
    }
  }

  /**
   * How many bytes of padding are due now, 0 for none. While a probe goes on, ask every few
   * milliseconds.
   */
  public int paddingDue(long now) {
    if (!sending) {
      return 0;
    }
    var elapsed = now - begun;
    if (elapsed >= span && bitsSent >= PACKETS_MIN * PACKET_BITS) {
      sending = false;
      return 0;
    }
    var due = target * (elapsed + 5 * Nanos.MILLISECOND) / Nanos.SECOND - bitsSent;
    return due < PACKET_BITS / 2.0 ? 0 : (int) (due / 8);
  }

  /** Begins a probe when it is time. Returns whether one has begun. */
  boolean plan(
      double estimate,
      double wanted,
      double jitterMillis,
      long decreased,
      long roundTrip,
      long now) {
    if (sending || (waiting && now - begun < span + roundTrip + 2 * Nanos.SECOND)) {
      return false;
    }
    if (waiting) {
      // Too little was heard of the probe, as when feedback is lost: that says nothing.
      waiting = false;
      next = now;
    }
    var calm = decreased == Long.MIN_VALUE || now - decreased > CALM;
    if (estimate >= ENOUGH * wanted || !calm || (next != Long.MIN_VALUE && now < next)) {
      return false;
    }
    cluster = cluster == Integer.MAX_VALUE ? 1 : cluster + 1;
    target = Math.min(2 * estimate, 1.15 * ENOUGH * wanted);
    span = Math.clamp((long) (4 * jitterMillis * Nanos.MILLISECOND), SPAN_MIN, SPAN_MAX);
    begun = now;
    bitsSent = 0;
    sending = true;
    waiting = true;
    return true;
  }

  /** Whether the result of the probe with this much arrived can be judged. */
  boolean isAwaited(double bitsArrived, long roundTrip, long now) {
    return waiting
        && !sending
        && (bitsArrived >= 0.95 * bitsSent
            || (bitsArrived >= 0.6 * bitsSent
                && now - begun > span + roundTrip + Nanos.SECOND / 4));
  }

  /** The result is in; returns whether it is higher than the estimate. */
  boolean judge(double measured, double estimate, long now) {
    waiting = false;
    if (measured < 1.03 * estimate) {
      failed(now);
      return false;
    }
    pause = PAUSE_MIN;
    // Higher at once as long as the link kept up.
    next = measured >= 0.7 * target ? now : now + pause;
    return true;
  }

  private void failed(long now) {
    waiting = false;
    next = now + pause;
    pause = Math.min(2 * pause, PAUSE_MAX);
  }

  /** The link has become worse: what failed says nothing of what will be. */
  void reset(long now) {
    pause = PAUSE_MIN;
    next = now + pause;
  }
}
