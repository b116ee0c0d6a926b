package dev.parley.feature.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** coturn's configuration for the relays that the settings name; read by {@code turnserver -c}. */
final class TurnConfig {
  private static final int PORT = 3478;
  private static final int PORT_TLS = 5349;
  private static final Pattern PORT_OF = Pattern.compile("turns?:.*?:([0-9]+)(\\?.*)?");

  /**
   * Where nobody on the internet is. A relay sends wherever its user says, so without these it
   * would be a door into the operator's own network.
   */
  private static final List<String> PRIVATE =
      List.of(
          "0.0.0.0-0.255.255.255",
          "10.0.0.0-10.255.255.255",
          "100.64.0.0-100.127.255.255",
          "127.0.0.0-127.255.255.255",
          "169.254.0.0-169.254.255.255",
          "172.16.0.0-172.31.255.255",
          "192.0.0.0-192.0.0.255",
          "192.168.0.0-192.168.255.255",
          "198.18.0.0-198.19.255.255",
          "240.0.0.0-255.255.255.255",
          "::1",
          "64:ff9b::-64:ff9b::ffff:ffff",
          "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  private TurnConfig() {}

  static String text(RelayConfig config, TurnSecret secret) {
    var lines = new ArrayList<String>();
    lines.add(
        "# coturn for Parley: turnserver -c THIS_FILE. It holds a secret; keep it to its owner.");
    lines.add("use-auth-secret");
    lines.add("static-auth-secret=" + secret.reveal());
    lines.add("realm=" + config.realm());
    lines.add("listening-port=" + port(config, "turn:").orElse(PORT));
    var tls = port(config, "turns:");
    lines.add(
        tls.isPresent()
            ? "tls-listening-port=" + tls.getAsInt()
            : "# For turns: addresses: cert=, pkey= and tls-listening-port=" + PORT_TLS);
    lines.addAll(
        List.of("fingerprint", "no-cli", "no-multicast-peers", "no-rfc5780", "stale-nonce=600"));
    if (config.loopback()) {
      lines.add("# The developer profile: media are on this machine.");
      lines.add("listening-ip=127.0.0.1");
      lines.add("relay-ip=127.0.0.1");
      lines.add("allow-loopback-peers");
    } else {
      lines.add("no-software-attribute");
      config.allowedPeers().forEach(peer -> lines.add("allowed-peer-ip=" + peer));
      PRIVATE.forEach(range -> lines.add("denied-peer-ip=" + range));
    }
    return String.join("\n", lines) + "\n";
  }

  /** The port of the first address of a kind. */
  private static OptionalInt port(RelayConfig config, String scheme) {
    return config.urls().stream()
        .filter(url -> url.startsWith(scheme))
        .mapToInt(url -> {
          var port = PORT_OF.matcher(url);
          if (port.matches()) {
            return Integer.parseInt(port.group(1));
          }
          return scheme.equals("turns:") ? PORT_TLS : PORT;
        })
        .findFirst();
  }
}
