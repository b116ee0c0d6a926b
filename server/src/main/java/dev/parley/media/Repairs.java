package dev.parley.media;

import dev.parley.media.control.Pacer;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer lacks and has asked for, sent no faster than its connection carries: packets that
 * were lost because there were too many must not come again all at once. Makes no object per
 * packet.
 */
final class Repairs {
  private static final int WAITING_MAX = 256;

  /** The viewer has asked again by then, or has given up. */
  private static final long WAIT_NANOS_MAX = 400_000_000L;

  private final @Nullable Forwarder[] forwarders = new @Nullable Forwarder[WAITING_MAX];
  private final int[] sequences = new int[WAITING_MAX];
  private final long[] times = new long[WAITING_MAX];
  private final Pacer pacer;
  private int first;
  private int waiting;

  Repairs(long bitsPerSecond) {
    pacer = new Pacer(bitsPerSecond);
  }

  /** What the connection carries has changed. */
  void estimate(long bitsPerSecond) {
    pacer.estimate(bitsPerSecond);
  }

  /** A packet is asked for; beyond so many the request is dropped, and comes again. */
  void add(Forwarder forwarder, int sequence, long nowNanos) {
    if (waiting == WAITING_MAX) {
      return;
    }
    var slot = (first + waiting++) % WAITING_MAX;
    forwarders[slot] = forwarder;
    sequences[slot] = sequence;
    times[slot] = nowNanos;
  }

  /** Sends what may go now. */
  void send(long nowNanos) {
    while (waiting > 0 && pacer.delay(nowNanos) == 0) {
      var forwarder = forwarders[first];
      if (forwarder != null && nowNanos - times[first] < WAIT_NANOS_MAX) {
        pacer.sent(forwarder.repair(sequences[first], nowNanos), nowNanos);
      }
      forwarders[first] = null;
      first = (first + 1) % WAITING_MAX;
      waiting--;
    }
  }
}
