package dev.parley.feature.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Packets in one body of a long poll: one alone as it is, several each behind its length, {@code
 * U+FFFD length U+FFFD packet}; lengths count UTF-16 units, as JavaScript does.
 */
final class PacketBatch {
  private static final char MARK = '\uFFFD';
  private static final int PACKETS_MAX = 1_000;
  private static final int LENGTH_DIGITS_MAX = 7;

  private PacketBatch() {}

  static String join(List<String> packets) {
    if (packets.size() == 1) {
      return packets.getFirst();
    }
    var body = new StringBuilder();
    for (var packet : packets) {
      body.append(MARK).append(packet.length()).append(MARK).append(packet);
    }
    return body.toString();
  }

  /** The packets of a body; empty when it is malformed. */
  static Optional<List<String>> split(String body) {
    if (body.isEmpty() || body.charAt(0) != MARK) {
      return Optional.of(body.isEmpty() ? List.of() : List.of(body));
    }
    var packets = new ArrayList<String>();
    var at = 0;
    while (at < body.length()) {
      var lengthEnd = body.indexOf(MARK, at + 1);
      if (body.charAt(at) != MARK || lengthEnd < 0 || packets.size() == PACKETS_MAX) {
        return Optional.empty();
      }
      var length = number(body.substring(at + 1, lengthEnd));
      if (length < 0 || length > body.length() - lengthEnd - 1) {
        return Optional.empty();
      }
      at = lengthEnd + 1 + length;
      packets.add(body.substring(lengthEnd + 1, at));
    }
    return Optional.of(packets);
  }

  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > LENGTH_DIGITS_MAX) {
      return -1;
    }
    for (var i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }
}
