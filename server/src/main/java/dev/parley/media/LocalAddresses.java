package dev.parley.media;

import dev.parley.protocol.ice.IceCandidate;
import dev.parley.protocol.ice.IceCandidate.Transport;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Under which addresses a worker is reached, as candidates. */
final class LocalAddresses {
  private static final int MAX = 8;

  private final List<InetAddress> addresses;

  LocalAddresses(MediaConfig config) {
    addresses = config.publicAddresses().isEmpty() ? own(config) : config.publicAddresses();
  }

  /** The candidates of a port, best first. */
  List<String> candidates(int port, boolean tcp) {
    var candidates = new ArrayList<String>();
    var preference = 255;
    for (var address : addresses) {
      candidates.add(text(Transport.UDP, address, port, preference));
      preference--;
    }
    if (tcp) {
      preference = 255;
      for (var address : addresses) {
        candidates.add(text(Transport.TCP_PASSIVE, address, port, preference));
        preference--;
      }
    }
    return candidates;
  }

  private static String text(Transport transport, InetAddress address, int port, int preference) {
    // Without the zone that Java writes behind an IPv6 address.
    var host = address.getHostAddress().replaceFirst("%.*", "");
    return IceCandidate.host(transport, host, port, preference).text();
  }

  private static List<InetAddress> own(MediaConfig config) {
    if (!config.address().isAnyLocalAddress()) {
      return List.of(config.address());
    }
    var four = new ArrayList<InetAddress>();
    var six = new ArrayList<InetAddress>();
    try {
      for (var face : NetworkInterface.networkInterfaces().toList()) {
        if (face.isUp() && (config.loopback() || !face.isLoopback())) {
          for (var address : face.inetAddresses().toList()) {
            // A link-local address means nothing without its link.
            if (!address.isLinkLocalAddress()) {
              (address instanceof Inet4Address ? four : six).add(address);
            }
          }
        }
      }
    } catch (SocketException e) {
      throw new IllegalStateException("The addresses of this machine cannot be read.", e);
    }
    four.addAll(six);
    // Loopback last: it is right only for a client on this machine.
    four.sort(java.util.Comparator.comparing(InetAddress::isLoopbackAddress));
    return List.copyOf(four.subList(0, Math.min(MAX, four.size())));
  }
}
