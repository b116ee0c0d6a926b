package dev.parley.feature.realtime;

import java.util.Optional;

/**
 * One packet of socket.io protocol 1 (the 0.9 line): {@code type:[id[+]]:[endpoint][:data]}.
 *
 * @param type 0 to 8
 * @param id of a packet to be acknowledged, or empty text
 * @param data empty text when there is none
 */
record Packet(int type, String id, String data) {
  static final int DISCONNECT = 0;
  static final int HEARTBEAT = 2;
  static final int MESSAGE = 3;
  static final int EVENT = 5;
  private static final int ID_DIGITS_MAX = 18;
  private static final int HEAD_CHARACTERS_MAX = 200;

  /** Reads a packet; empty for what is none. */
  static Optional<Packet> parse(String text) {
    if (text.length() < 3 || text.charAt(0) < '0' || text.charAt(0) > '8') {
      return Optional.empty();
    }
    var idEnd = text.indexOf(':', 2);
    if (text.charAt(1) != ':' || idEnd < 0 || idEnd > HEAD_CHARACTERS_MAX) {
      return Optional.empty();
    }
    var wantsData = idEnd > 2 && text.charAt(idEnd - 1) == '+';
    var id = text.substring(2, wantsData ? idEnd - 1 : idEnd);
    if (!isNumber(id)) {
      return Optional.empty();
    }
    var endpointEnd = text.indexOf(':', idEnd + 1);
    var data = endpointEnd < 0 ? "" : text.substring(endpointEnd + 1);
    return Optional.of(new Packet(text.charAt(0) - '0', id, data));
  }

  private static boolean isNumber(String text) {
    if (text.length() > ID_DIGITS_MAX) {
      return false;
    }
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** What says that a packet with an id has arrived. */
  static String acknowledgement(String id, String word) {
    return "6:::" + id + "+[\"" + word + "\"]";
  }
}
