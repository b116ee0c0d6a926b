package dev.parley.feature.relay;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings of relays.
 *
 * @param urls of relays for everybody; none where there is no relay
 * @param nearestUrls of relays near the clients; those for everybody where none are named
 * @param secret shared with the relays; empty for one that follows from the master key
 * @param realm that relays name in their challenge
 * @param allowedPeers addresses or ranges that relays may send to although they are private
 * @param loopback whether relays may send to their own machine, as media on a developer's does
 */
public record RelayConfig(
    List<String> urls,
    List<String> nearestUrls,
    Optional<Secret> secret,
    String realm,
    List<String> allowedPeers,
    boolean loopback) {
  private static final String DEVELOPER_URLS =
      "turn:127.0.0.1:3478?transport=udp,turn:127.0.0.1:3478?transport=tcp,stun:127.0.0.1:3478";
  private static final int SECRET_CHARACTERS_MIN = 16;

  /** RFC 7064 and RFC 7065: a host, maybe a port, maybe the transport of a TURN address. */
  private static final Pattern URL =
      Pattern.compile(
          "stuns?:([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"
              + "|turns?:([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(\\?transport=(udp|tcp))?");

  private static final Pattern PEER =
      Pattern.compile("[0-9A-Fa-f.:]+(-[0-9A-Fa-f.:]+|/[0-9]{1,3})?");
  private static final Pattern REALM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** What a line of coturn's configuration takes without quoting. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9+/=._~-]+");

  /** Reads the settings. */
  public static RelayConfig of(Settings settings, boolean developer) {
    var urls =
        settings.text(
            "relay.urls",
            developer ? DEVELOPER_URLS : "",
            "STUN and TURN addresses given to clients, between commas, such as"
                + " turn:turn.example.com:3478; empty where there is no relay.");
    var nearest =
        settings.text(
            "relay.nearest-urls",
            "",
            "The same for clients that ask for the nearest relay; empty for relay.urls.");
    var secret =
        settings.secret(
            "relay.secret",
            "Secret shared with the relays (coturn's static-auth-secret); empty for one that"
                + " follows from the master key. ./parley turn-config prints it.");
    var realm = settings.text("relay.realm", "parley", "Realm that relays name.");
    var peers =
        settings.text(
            "relay.allowed-peers",
            "",
            "Private addresses that relays may send to, between commas: the media servers' own,"
                + " such as 10.1.2.3 or 10.1.2.0-10.1.2.255.");
    return new RelayConfig(
        checked("relay.urls", urls, URL),
        checked("relay.nearest-urls", nearest, URL),
        secret(secret),
        checked("relay.realm", realm, REALM).getFirst(),
        checked("relay.allowed-peers", peers, PEER),
        developer);
  }

  private static List<String> checked(String key, String text, Pattern pattern) {
    var parts =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty() || key.equals("relay.realm"))
            .toList();
    for (var part : parts) {
      if (!pattern.matcher(part).matches()) {
        throw new SettingsProblem(key + " holds \"" + part + "\", which is not of its form.");
      }
    }
    return parts;
  }

  private static Optional<Secret> secret(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.length() < SECRET_CHARACTERS_MIN || !SECRET.matcher(text).matches()) {
      throw new SettingsProblem(
          "relay.secret must have at least %d letters, digits or + / = . _ ~ -."
              .formatted(SECRET_CHARACTERS_MIN));
    }
    return Optional.of(Secret.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Addresses for a route type. */
  List<String> urls(RouteType type) {
    return type == RouteType.NEAREST && !nearestUrls.isEmpty() ? nearestUrls : urls;
  }
}
