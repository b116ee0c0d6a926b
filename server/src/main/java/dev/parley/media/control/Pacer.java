package dev.parley.media.control;

/**
 * A leaky bucket that spreads bursts, such as key frames, over time: half more per second than the
 * estimate, so that a queue always empties. It counts; who asks keeps the packets.
 */
public final class Pacer {
  private static final double FACTOR = 1.5;

  /** What may go at once: one frame of a usual stream should not wait. */
  private static final long BURST = 20 * Nanos.MILLISECOND;

  private double bitsPerNano;
  private long freeAt = Long.MIN_VALUE;

  /** A pacer for an estimate in bits per second. */
  public Pacer(long estimate) {
    estimate(estimate);
  }

  /** The estimate has changed. */
  public void estimate(long bitsPerSecond) {
    bitsPerNano = FACTOR * bitsPerSecond / Nanos.SECOND;
  }

  /** How long a packet must wait, in nanoseconds; 0 when it may go now. */
  public long delay(long now) {
    return freeAt == Long.MIN_VALUE ? 0 : Math.max(0, freeAt - BURST - now);
  }

  /** A packet goes out. Voice goes without asking, but counts. */
  public void sent(int bytes, long now) {
    var from = freeAt == Long.MIN_VALUE ? now : Math.max(freeAt, now);
    freeAt = from + (long) (8 * bytes / bitsPerNano);
  }
}
