package dev.parley.feature.email.dns;

import dev.parley.base.kit.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Settings of DNS.
 *
 * @param resolvers {@code host} or {@code host:port}; empty for those of the machine
 * @param validated whether the resolvers check DNSSEC and the way to them is safe, so that their
 *     word for it counts
 */
public record DnsConfig(List<String> resolvers, boolean validated, Duration timeout) {
  public DnsConfig {
    resolvers = List.copyOf(resolvers);
  }

  /** Reads the settings. */
  public static DnsConfig of(Settings settings) {
    return new DnsConfig(
        Arrays.stream(
                settings
                    .text(
                        "email.dns-resolvers",
                        "",
                        "Resolvers for MX and other records of mail, host or host:port between commas; empty for the machine's own.")
                    .split(",", -1))
            .map(String::strip)
            .filter(resolver -> !resolver.isEmpty())
            .toList(),
        settings.flag(
            "email.dns-validated",
            false,
            "Whether these resolvers check DNSSEC and are reached safely, so that DANE can be honoured."),
        settings.duration(
            "email.dns-timeout", Duration.ofSeconds(5), "Longest wait for a DNS answer."));
  }
}
