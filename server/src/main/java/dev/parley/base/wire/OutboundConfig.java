package dev.parley.base.wire;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Settings of calls that leave the server.
 *
 * @param privateAddresses whether loopback, private and link-local addresses, and plain http, are
 *     allowed
 * @param allowed host names, addresses and networks that may be reached all the same
 * @param connectTimeout for one connection, TLS handshake included
 * @param deadline for one call, redirects and body included
 * @param bodyBytesMax of an answer
 */
public record OutboundConfig(
    boolean privateAddresses,
    List<String> allowed,
    Duration connectTimeout,
    Duration deadline,
    int bodyBytesMax) {
  public OutboundConfig {
    allowed = List.copyOf(allowed);
  }

  /** Reads the settings; {@code developer} chooses the defaults. */
  public static OutboundConfig of(Settings settings, boolean developer) {
    return new OutboundConfig(
        settings.flag(
            "outbound.private-addresses",
            developer,
            "Whether webhooks and fetched URLs may use plain http and reach loopback, private and link-local addresses."),
        allowed(settings),
        settings.duration(
            "outbound.connect-timeout",
            Duration.ofSeconds(5),
            "Longest wait for an outgoing connection."),
        settings.duration(
            "outbound.deadline", Duration.ofSeconds(30), "Longest outgoing call, all included."),
        settings.number(
            "outbound.body-bytes-max",
            8 << 20,
            1 << 10,
            1 << 30,
            "Largest answer that an outgoing call reads, bytes."));
  }

  private static List<String> allowed(Settings settings) {
    var text =
        settings.text(
            "outbound.allow",
            "",
            "Host names, addresses and networks (10.1.0.0/16), between commas, that outgoing calls may reach although they are not public, also over plain http.");
    var entries =
        Stream.of(text.split(","))
            .map(String::strip)
            .filter(Predicate.not(String::isEmpty))
            .toList();
    try {
      var _ = new OutboundAllowed(entries);
      return entries;
    } catch (IllegalArgumentException e) {
      throw new SettingsProblem("outbound.allow: " + e.getMessage());
    }
  }
}
