package dev.parley.base.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses the public Internet is made of (IANA special-purpose registries, RFC 6890 and RFC
 * 8190).
 */
final class OutboundAddresses {
  private OutboundAddresses() {}

  /**
   * Whether an address may be reached from a production server: globally routable, and no disguise
   * of one that is not.
   */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return switch (address) {
      case Inet4Address _ -> isPublic4(address.getAddress());
      case Inet6Address _ -> isPublic6(address.getAddress());
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] address) {
    var first = address[0] & 0xff;
    var second = address[1] & 0xff;
    var third = address[2] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second < 64 || second > 127;
      case 169 -> second != 254;
      case 172 -> second < 16 || second > 31;
      case 192 ->
          !(second == 168
              || (second == 0 && (third == 0 || third == 2))
              || (second == 88 && third == 99));
      case 198 -> !(second == 18 || second == 19 || (second == 51 && third == 100));
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224;
    };
  }

  /**
   * Only 2000::/3 is public, less documentation, Teredo and 6to4, whose addresses hide an IPv4
   * address.
   */
  private static boolean isPublic6(byte[] address) {
    var first = ((address[0] & 0xff) << 8) | (address[1] & 0xff);
    var second = ((address[2] & 0xff) << 8) | (address[3] & 0xff);
    return (first & 0xe000) == 0x2000
        && first != 0x2002
        && first != 0x3ffe
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8));
  }
}
