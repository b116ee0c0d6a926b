package dev.parley.protocol.srtp;

/**
 * Which of the last packets of a stream have come already (RFC 3711 section 3.3.2). The window is
 * wide, since video comes in bursts that networks reorder.
 */
public final class ReplayWindow {
  static final int WIDTH = 1024;

  private final long[] seen = new long[WIDTH / 64];
  private long highest = -1;

  /** The highest index so far, or -1. */
  public long highest() {
    return highest;
  }

  /** Whether the index is new: not seen, and not older than the window. */
  public boolean isNew(long index) {
    return index > highest || (index > highest - WIDTH && !bit(index));
  }

  /** Notes an index whose packet has proven to be genuine. */
  public void take(long index) {
    if (index > highest) {
      if (index - highest >= WIDTH) {
        java.util.Arrays.fill(seen, 0);
      } else {
        for (var skipped = highest + 1; skipped < index; skipped++) {
          clear(skipped);
        }
      }
      highest = index;
    }
    seen[word(index)] |= 1L << (index & 63);
  }

  private boolean bit(long index) {
    return (seen[word(index)] & 1L << (index & 63)) != 0;
  }

  private void clear(long index) {
    seen[word(index)] &= ~(1L << (index & 63));
  }

  private static int word(long index) {
    return (int) (index >>> 6) & WIDTH / 64 - 1;
  }
}
