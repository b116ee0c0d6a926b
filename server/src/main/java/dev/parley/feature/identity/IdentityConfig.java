package dev.parley.feature.identity;

import dev.parley.base.kit.Settings;
import dev.parley.base.wire.OidcIssuer;
import java.time.Duration;
import java.util.List;

/**
 * Settings of users and tokens.
 *
 * @param location what tokens name as the resource's location
 * @param lastTokenInterval how often the times of the last tokens are stored
 * @param tokensRemembered how many proven tokens are kept in memory
 * @param usersRemembered how many users' states are kept in memory
 * @param issuers whose tokens are taken in exchange
 */
public record IdentityConfig(
    String location,
    Duration lastTokenInterval,
    int tokensRemembered,
    int usersRemembered,
    List<OidcIssuer> issuers) {
  private static final String ISSUERS = "identity.issuers";

  public IdentityConfig {
    issuers = List.copyOf(issuers);
  }

  /** Reads the settings. */
  public static IdentityConfig of(Settings settings) {
    return new IdentityConfig(
        settings.text(
            "identity.location", "global", "Location of the resource that access tokens name."),
        settings.duration(
            "identity.last-token-interval",
            Duration.ofSeconds(30),
            "How often the time of each user's last token is stored."),
        settings.number(
            "identity.tokens-remembered",
            50_000,
            32,
            10_000_000,
            "How many verified tokens are kept in memory."),
        settings.number(
            "identity.users-remembered",
            50_000,
            32,
            10_000_000,
            "How many users are kept in memory for verifying tokens."),
        settings.names(ISSUERS).stream()
            .map(name -> OidcIssuer.of(settings, ISSUERS, name))
            .toList());
  }
}
