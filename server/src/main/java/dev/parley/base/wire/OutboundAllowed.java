package dev.parley.base.wire;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an operator lets outgoing calls reach besides the public Internet: host names, addresses and
 * networks ({@code 10.1.0.0/16}), also over plain http.
 */
final class OutboundAllowed {
  private final Set<String> names = new HashSet<>();
  private final Networks networks;

  /**
   * Reads the entries.
   *
   * @throws IllegalArgumentException naming an entry that is no name, address or network
   */
  OutboundAllowed(List<String> entries) {
    var literals = new ArrayList<String>();
    for (var entry : entries) {
      if (Networks.isLiteral(entry)) {
        literals.add(entry);
      } else if (entry.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
        names.add(entry.toLowerCase(Locale.ROOT));
      } else {
        throw new IllegalArgumentException("\"" + entry + "\" is no host name and no network.");
      }
    }
    networks = new Networks(literals);
  }

  /** Whether the host of an address may be anywhere. */
  boolean allows(String host) {
    return names.contains(host.toLowerCase(Locale.ROOT))
        || (Networks.isLiteral(host) && allows(InetAddress.ofLiteral(Networks.bare(host))));
  }

  boolean allows(InetAddress address) {
    return networks.hold(address);
  }
}
