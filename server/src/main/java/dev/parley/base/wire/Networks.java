package dev.parley.base.wire;

import java.net.InetAddress;
import java.util.List;

/** Some addresses and networks, as an operator writes them: {@code 10.1.0.0/16}. */
public final class Networks {
  /** Addresses whose first bits are those of {@code address}. */
  private record Network(byte[] address, int bits) {
    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (var bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Network> networks;

  /**
   * Reads the entries.
   *
   * @throws IllegalArgumentException naming an entry that is no address or network
   */
  public Networks(List<String> entries) {
    networks = entries.stream().map(Networks::read).toList();
  }

  /** Whether the address is one of them. */
  public boolean hold(InetAddress address) {
    return networks.stream().anyMatch(network -> network.holds(address.getAddress()));
  }

  private static Network read(String entry) {
    if (!isLiteral(entry)) {
      throw new IllegalArgumentException("\"" + entry + "\" is no address and no network.");
    }
    var slash = entry.indexOf('/');
    var host = slash < 0 ? entry : entry.substring(0, slash);
    var address = InetAddress.ofLiteral(bare(host)).getAddress();
    return new Network(address, bits(entry, slash, address.length * 8));
  }

  private static int bits(String entry, int slash, int max) {
    if (slash < 0) {
      return max;
    }
    try {
      var bits = Integer.parseInt(entry.substring(slash + 1));
      if (bits >= 0 && bits <= max) {
        return bits;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new IllegalArgumentException("\"" + entry + "\" has no length from 0 to " + max + ".");
  }

  /** Only the strict forms: shortened ones such as {@code 127.1} are names. */
  static boolean isLiteral(String entry) {
    var slash = entry.indexOf('/');
    var host = slash < 0 ? entry : entry.substring(0, slash);
    return host.contains(":") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
