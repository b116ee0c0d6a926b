package dev.parley.protocol.rtp;

/** Numbers that wrap: what is newer, and how far apart (RFC 1982). */
public final class Sequences {
  private Sequences() {}

  /** How far ahead of {@code from} a 16-bit number is, -32768 to 32767. */
  public static int apart(int from, int to) {
    return (short) (to - from);
  }

  /** Whether a 16-bit number comes after another. */
  public static boolean isNewer(int sequence, int than) {
    return apart(than, sequence) > 0;
  }

  /** How far ahead of {@code from} a timestamp is. */
  public static int timestampsApart(int from, int to) {
    return to - from;
  }

  /**
   * How far ahead of {@code from} a number of so many bits is, as a signed number of those bits.
   */
  public static int apart(int from, int to, int bits) {
    var shift = 32 - bits;
    return (to - from) << shift >> shift;
  }
}
