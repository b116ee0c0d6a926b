package dev.parley.protocol.ice;

/**
 * A host candidate as it stands behind {@code a=candidate:} (RFC 8839 section 5.1, RFC 6544 section
 * 4.5 for TCP, where we only wait to be called).
 *
 * @param address a literal IPv4 or IPv6 address
 */
public record IceCandidate(Transport transport, String address, int port, int priority) {
  /** How packets travel. */
  public enum Transport {
    UDP,
    TCP_PASSIVE
  }

  /** A host candidate; {@code preference} orders several of a kind, 0 to 255, highest first. */
  public static IceCandidate host(Transport transport, String address, int port, int preference) {
    // RFC 8445 section 5.1.2.1; RFC 6544 section 4.2 puts TCP below UDP.
    var type = transport == Transport.UDP ? 126 : 90;
    var local = transport == Transport.UDP ? 0xff00 | preference : 4 << 13 | preference;
    return new IceCandidate(transport, address, port, type << 24 | local << 8 | 255);
  }

  /** The value of the attribute, for the one component that is left with rtcp-mux. */
  public String text() {
    var foundation = Integer.toUnsignedString((transport + address).hashCode());
    return switch (transport) {
      case UDP -> "%s 1 udp %d %s %d typ host".formatted(foundation, priority, address, port);
      case TCP_PASSIVE ->
          "%s 1 tcp %d %s %d typ host tcptype passive"
              .formatted(foundation, priority, address, port);
    };
  }
}
