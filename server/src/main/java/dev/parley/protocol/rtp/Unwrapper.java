package dev.parley.protocol.rtp;

/**
 * Makes numbers that wrap into numbers that do not: each is taken as the one nearest to the last
 * (RFC 3550 appendix A.1). The first stays as it is; a late one before it becomes negative.
 */
public final class Unwrapper {
  private final int bits;
  private long last;
  private boolean started;

  private Unwrapper(int bits) {
    this.bits = bits;
  }

  /** For sequence numbers. */
  public static Unwrapper ofSequences() {
    return new Unwrapper(16);
  }

  /** For timestamps. */
  public static Unwrapper ofTimestamps() {
    return new Unwrapper(32);
  }

  /** For numbers of 1 to 32 bits. */
  public static Unwrapper ofBits(int bits) {
    if (bits < 1 || bits > 32) {
      throw new IllegalArgumentException("A number of " + bits + " bits");
    }
    return new Unwrapper(bits);
  }

  /** The number without wraps; the next one is measured from it. */
  public long unwrap(int number) {
    var value = peek(number);
    last = value;
    started = true;
    return value;
  }

  /** What {@link #unwrap} would say, with nothing remembered. */
  public long peek(int number) {
    if (!started) {
      return number & (1L << bits) - 1;
    }
    return last + Sequences.apart((int) last, number, bits);
  }
}
