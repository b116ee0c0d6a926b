package dev.parley.protocol.rtcp;

import java.util.Arrays;

/**
 * Remembers when the packets of a connection came and writes transport-wide feedback about them.
 * Late packets are reported again with the next feedback, so that reordering does not look like
 * loss. Makes no object per packet; not thread-safe.
 */
public final class ArrivalLog {
  /** Feedback speaks of at most so many packets; older gaps are given up. */
  public static final int PACKETS_MAX = 2048;

  private static final int MASK = PACKETS_MAX - 1;
  private static final long REFERENCE_NANOS = 64_000_000;
  private static final long NEVER = Long.MIN_VALUE;

  private final long[] arrivals = new long[PACKETS_MAX];
  private long newest = -1;
  private long next;
  private boolean started;
  private int count;

  /** A packet with this transport-wide number came. What is too old to be told is ignored. */
  public void arrived(int number, long nanos) {
    if (!started) {
      started = true;
      // So far from zero that late packets do not get below it.
      newest = 0x10000L + (number & 0xffff) - 1;
      next = newest + 1;
      Arrays.fill(arrivals, NEVER);
    }
    var full = newest + (short) (number - (int) newest);
    if (full > newest) {
      for (var skipped = Math.max(newest + 1, full - MASK); skipped < full; skipped++) {
        arrivals[(int) skipped & MASK] = NEVER;
      }
      newest = full;
      next = Math.max(next, newest - MASK);
      arrivals[(int) full & MASK] = nanos;
    } else if (full > newest - PACKETS_MAX && full >= 0 && arrivals[(int) full & MASK] == NEVER) {
      arrivals[(int) full & MASK] = nanos;
      // Told again from here on.
      next = Math.min(next, full);
    }
  }

  /** Whether there is something to tell. */
  public boolean isPending() {
    return started && next <= newest;
  }

  /**
   * Appends one feedback packet about what came since the last. False when there is nothing to tell
   * or no room; call again until it is false, since one packet may not hold all.
   */
  public boolean write(RtcpWriter writer, int sender, int ssrc) {
    var received = next;
    while (received <= newest && arrivals[(int) received & MASK] == NEVER) {
      received++;
    }
    if (!started || received > newest) {
      return false;
    }
    // What was lost before the first that came is told too, if it fits.
    var end = write(writer, sender, ssrc, next, received);
    if (end == next) {
      next = received;
      end = write(writer, sender, ssrc, next, received);
    }
    if (end == next) {
      return false;
    }
    next = end;
    count = count + 1 & 0xff;
    return true;
  }

  private long write(RtcpWriter writer, int sender, int ssrc, long first, long received) {
    var reference = Math.floorDiv(arrivals[(int) received & MASK], REFERENCE_NANOS);
    return writer.transportFeedback(sender, ssrc, first, newest, reference, count, this);
  }

  /** When a packet came in ticks of the receiver's clock, or {@link Long#MIN_VALUE}. */
  long ticks(long number) {
    var nanos = arrivals[(int) number & MASK];
    return nanos == NEVER ? NEVER : Math.floorDiv(nanos, TransportFeedback.TICK_NANOS);
  }
}
