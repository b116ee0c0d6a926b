package dev.parley.media;

/** What one outgoing stream has done so far, and what its viewer says of it. */
final class ForwarderStatistics {
  private static final long WINDOW_NANOS = 1_000_000_000L;

  /** A picture that stands this much longer than usual is frozen. */
  private static final long FREEZE_NANOS = 150_000_000L;

  private static final int FRAMES_USUAL = 30;

  long packets;
  long bytes;
  long payloadBytes;
  long retransmitted;
  long nacked;
  long pictureLosses;
  long switches;
  long unplaced;
  long bitsPerSecond;
  int fractionLost;
  int packetsLost;
  int jitter;
  long roundTripNanos;
  long freezes;
  long frozenNanos;
  private long firstNanos;
  private long lastNanos;
  private long frameNanos;
  private double usualNanos;
  private long windowNanos;
  private long windowBytes;
  private int reported;
  private long reportedNanos;

  void packet(int length, int payloadLength, long nowNanos) {
    firstNanos = packets == 0 ? nowNanos : firstNanos;
    lastNanos = nowNanos;
    packets++;
    bytes += length;
    payloadBytes += payloadLength;
    windowBytes += length;
    var span = nowNanos - windowNanos;
    if (span >= WINDOW_NANOS) {
      bitsPerSecond = windowBytes * 8_000_000_000L / span;
      windowNanos = nowNanos;
      windowBytes = 0;
    }
  }

  /** A frame of video begins. */
  void frame(long nowNanos) {
    var passed = nowNanos - frameNanos;
    if (frameNanos != 0) {
      if (usualNanos > 0 && passed > Math.max(3 * usualNanos, usualNanos + FREEZE_NANOS)) {
        freezes++;
        frozenNanos += passed;
      } else {
        usualNanos += (passed - usualNanos) / (usualNanos == 0 ? 1 : FRAMES_USUAL);
      }
    }
    frameNanos = nowNanos;
  }

  long bitsPerSecondOnAverage() {
    return lastNanos == firstNanos ? 0 : bytes * 8_000_000_000L / (lastNanos - firstNanos);
  }

  /** A sender report went out. */
  void reported(int middle, long nowNanos) {
    reported = middle;
    reportedNanos = nowNanos;
  }

  /** The viewer's report (RFC 3550 section 6.4.1). */
  void heard(int fraction, int lost, int spread, int lastReport, int delay, long nowNanos) {
    fractionLost = fraction;
    packetsLost = lost;
    jitter = spread;
    if (lastReport != 0 && lastReport == reported) {
      var held = ((delay & 0xffffffffL) * 1_000_000_000L) >> 16;
      roundTripNanos = Math.max(0, nowNanos - reportedNanos - held);
    }
  }
}
