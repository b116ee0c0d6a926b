package dev.parley.media;

/**
 * What a sender's clock said about its timestamps (RFC 3550 section 6.4.1). Sound and picture of
 * one sender share the clock, so reports that keep to it keep lips and voice together.
 */
final class SenderClock {
  /** Seconds from 1900, where NTP begins, to 1970. */
  private static final long NTP_SECONDS = 2_208_988_800L;

  private boolean known;
  private long ntp;
  private int timestamp;
  private int ssrc;
  private long atNanos;

  /** A time in milliseconds since 1970 as 32.32 fixed point seconds since 1900. */
  static long ntpOfMillis(long millis) {
    return ((millis / 1_000 + NTP_SECONDS) << 32) | ((millis % 1_000) << 32) / 1_000;
  }

  /** When the sender made what has this timestamp, in milliseconds since 1970. */
  long millisOf(int itsTimestamp, int clockRate) {
    var reported = ((ntp >>> 32) - NTP_SECONDS) * 1_000 + (((ntp & 0xffffffffL) * 1_000) >>> 32);
    return reported + (itsTimestamp - timestamp) * 1_000L / clockRate;
  }

  /** Notes a report that came now. */
  void note(int ssrc, long ntp, int timestamp, long nowNanos) {
    this.ssrc = ssrc;
    this.ntp = ntp;
    this.timestamp = timestamp;
    atNanos = nowNanos;
    known = true;
  }

  /** Whether a report of this source was heard. Layers of a track begin anywhere. */
  boolean knows(int source) {
    return known && ssrc == source;
  }

  /** The sender's time now, as 32.32 fixed point seconds. */
  long ntp(long nowNanos) {
    var passed = nowNanos - atNanos;
    var seconds = passed / 1_000_000_000L;
    var rest = passed % 1_000_000_000L;
    return ntp + (seconds << 32) + (rest << 32) / 1_000_000_000L;
  }

  /** The timestamp that the sender would give now. */
  int timestamp(long nowNanos, int clockRate) {
    return timestamp + (int) ((nowNanos - atNanos) / 1_000 * clockRate / 1_000_000);
  }

  /** The middle of the report's time, for our receiver report. */
  int lastReport() {
    return (int) (ntp >>> 16);
  }

  /** How long ago it came, in 65536ths of a second. */
  int delay(long nowNanos) {
    return (int) ((((nowNanos - atNanos) / 1_000) << 16) / 1_000_000);
  }
}
