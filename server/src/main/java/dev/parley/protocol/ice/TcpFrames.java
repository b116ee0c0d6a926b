package dev.parley.protocol.ice;

/**
 * Takes packets out of a TCP stream: each has its length in front (RFC 4571 section 2). Fed with
 * whatever arrived; holds at most one packet.
 */
public final class TcpFrames {
  /** Who gets the packets. */
  public interface Taker {
    /** A whole packet; the array is used again afterwards. */
    void take(byte[] bytes, int offset, int length);
  }

  private final byte[] packet;
  private final int bytesMax;
  private int have;

  /**
   * A reader of packets up to so many bytes.
   *
   * @param bytesMax what is longer ends the connection
   */
  public TcpFrames(int bytesMax) {
    this.bytesMax = bytesMax;
    packet = new byte[bytesMax + 2];
  }

  /** Takes bytes in and hands out what is whole. False for a frame that is too long. */
  public boolean feed(byte[] bytes, int offset, int length, Taker taker) {
    var at = offset;
    var end = offset + length;
    while (at < end) {
      var size = have < 2 ? 2 : 2 + size();
      var part = Math.min(size - have, end - at);
      System.arraycopy(bytes, at, packet, have, part);
      have += part;
      at += part;
      if (have >= 2 && size() > bytesMax) {
        return false;
      }
      if (have >= 2 && have == 2 + size()) {
        taker.take(packet, 2, have - 2);
        have = 0;
      }
    }
    return true;
  }

  private int size() {
    return (packet[0] & 0xff) << 8 | (packet[1] & 0xff);
  }
}
