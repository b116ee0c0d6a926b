package dev.parley.media;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The headers of a room's packets after decryption, as a file that Wireshark reads (pcap, raw IP):
 * no payload, addresses made up. Keeps the first packets up to its bound, then takes no more.
 * Belongs to its worker's thread.
 */
final class HeaderCapture {
  static final int PACKETS_MAX = 20_000;

  /** Fixed header, contributing sources and extensions; what is longer is cut. */
  private static final int BYTES_MAX = 96;

  private static final int RECORD_BYTES = 16;
  private static final int IP_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int RAW_IP = 101;

  private final ByteBuffer out;
  private final int packetsMax;
  private final long offsetNanos;
  private int packets;

  /**
   * Begins a capture.
   *
   * @param nowMillis the time since 1970 at {@code nowNanos} of the worker's clock
   */
  HeaderCapture(int packetsMax, long nowMillis, long nowNanos) {
    this.packetsMax = Math.min(packetsMax, PACKETS_MAX);
    offsetNanos = nowMillis * 1_000_000L - nowNanos;
    out =
        ByteBuffer.allocate(
            24 + this.packetsMax * (RECORD_BYTES + IP_BYTES + UDP_BYTES + BYTES_MAX));
    out.putInt(0xa1b23c4d).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    out.putInt(65_535).putInt(RAW_IP);
  }

  /**
   * Takes a packet's header.
   *
   * @param outgoing whether it goes to a viewer
   * @param headerBytes the bytes before the payload
   */
  void packet(byte[] bytes, int offset, int headerBytes, int length, boolean outgoing, long now) {
    if (packets == packetsMax) {
      return;
    }
    packets++;
    var kept = Math.min(headerBytes, BYTES_MAX);
    var time = now + offsetNanos;
    out.putInt((int) (time / 1_000_000_000L)).putInt((int) (time % 1_000_000_000L));
    out.putInt(IP_BYTES + UDP_BYTES + kept).putInt(IP_BYTES + UDP_BYTES + length);
    var from = outgoing ? 0x0a000001 : 0x0a000002;
    out.putShort((short) 0x4500).putShort((short) (IP_BYTES + UDP_BYTES + length)).putInt(0);
    out.putShort((short) 0x4011).putShort((short) 0).putInt(from).putInt(from ^ 3);
    out.putShort((short) 5004).putShort((short) 5004);
    out.putShort((short) (UDP_BYTES + length)).putShort((short) 0);
    out.put(bytes, offset, kept);
  }

  /** The file so far. */
  byte[] file() {
    return Arrays.copyOf(out.array(), out.position());
  }
}
