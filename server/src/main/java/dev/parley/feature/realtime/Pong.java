package dev.parley.feature.realtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is said to the ping that the SDK sends after each of its answers, and every 40 seconds. */
final class Pong {
  private static final byte[] PING = ascii("5:");
  private static final byte[] PING_END = ascii("+::{\"name\":\"ping\"}");
  private static final byte[] PONG = ascii("6:::");
  private static final byte[] PONG_END = ascii("+[\"pong\"]");

  private Pong() {}

  /** The acknowledgement of a ping that wants one; null when the packet is anything else. */
  static byte @Nullable [] to(byte[] packet, int length) {
    var from = PING.length;
    var to = length - PING_END.length;
    if (to <= from
        || !Arrays.equals(packet, 0, from, PING, 0, from)
        || !Arrays.equals(packet, to, length, PING_END, 0, PING_END.length)
        || Decimal.end(packet, from, to) != to) {
      return null;
    }
    var pong = Arrays.copyOf(PONG, PONG.length + to - from + PONG_END.length);
    System.arraycopy(packet, from, pong, PONG.length, to - from);
    System.arraycopy(PONG_END, 0, pong, pong.length - PONG_END.length, PONG_END.length);
    return pong;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
