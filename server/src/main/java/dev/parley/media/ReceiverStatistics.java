package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.RtpView;

/** What one incoming source has done so far (RFC 3550 section 6.4 and appendix A). */
final class ReceiverStatistics {
  private static final long WINDOW_NANOS = 500_000_000L;

  long packets;
  long bytes;
  long duplicates;
  long malformed;
  long recovered;
  long keyFrames;
  long keyFramesAsked;
  long nacked;
  long lastNanos;
  long highest;
  long bitsPerSecond;
  private long first = -1;
  private long expectedBefore;
  private long packetsBefore;
  private double jitter;
  private int lastTimestamp;
  private long lastArrival;
  private int clockRate = 90_000;
  private long windowNanos;
  private long windowBytes;
  private long firstNanos;

  boolean started() {
    return first >= 0 || packets > 0;
  }

  void packet(RtpView packet, long index, boolean late, Codec codec, long nowNanos) {
    if (packets == 0) {
      first = index;
      highest = index;
      windowNanos = nowNanos;
      firstNanos = nowNanos;
    }
    packets++;
    bytes += packet.length();
    highest = Math.max(highest, index);
    first = Math.min(first, index);
    lastNanos = nowNanos;
    clockRate = codec.clockRate();
    rate(packet.length(), nowNanos);
    if (!late) {
      jitter(packet.timestamp(), nowNanos);
    }
  }

  private void rate(int length, long nowNanos) {
    windowBytes += length;
    var span = nowNanos - windowNanos;
    if (span >= WINDOW_NANOS) {
      var now = windowBytes * 8_000_000_000L / span;
      bitsPerSecond = bitsPerSecond == 0 ? now : (bitsPerSecond + now) / 2;
      windowNanos = nowNanos;
      windowBytes = 0;
    }
  }

  private void jitter(int timestamp, long nowNanos) {
    var arrival = nowNanos / 1_000 * clockRate / 1_000_000;
    if (packets > 1 && timestamp != lastTimestamp) {
      var transit = Math.abs(arrival - lastArrival - (timestamp - lastTimestamp));
      jitter += (transit - jitter) / 16;
    }
    lastTimestamp = timestamp;
    lastArrival = arrival;
  }

  long bitsPerSecondOnAverage() {
    return lastNanos == firstNanos ? 0 : bytes * 8_000_000_000L / (lastNanos - firstNanos);
  }

  /** In timestamp units, as a receiver report has it. */
  int jitter() {
    return (int) jitter;
  }

  double jitterMillis() {
    return jitter * 1_000 / clockRate;
  }

  /** Packets that never came, which duplicates may make negative. */
  int lost() {
    return started() ? Math.clamp(highest - first + 1 - packets, 0, 0x7fffff) : 0;
  }

  /** What was lost since the last time this was asked, in 256ths. */
  int fractionLost() {
    var expected = highest - first + 1;
    var expectedNow = expected - expectedBefore;
    var lostNow = expectedNow - (packets - packetsBefore);
    expectedBefore = expected;
    packetsBefore = packets;
    return expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, lostNow * 256 / expectedNow);
  }
}
