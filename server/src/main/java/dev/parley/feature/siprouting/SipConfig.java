package dev.parley.feature.siprouting;

import dev.parley.base.kit.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Settings of SIP routing.
 *
 * @param verifiedDomains domains in which trunks may lie; {@code *} stands for all
 */
public record SipConfig(List<String> verifiedDomains) {
  /** The domain that the developer profile has verified. */
  static final String DEVELOPER_DOMAIN = "sip.contoso.example";

  private static final String ALL = "*";

  /** Reads the settings. */
  public static SipConfig of(Settings settings, boolean developer) {
    var text =
        settings.text(
            "sip.verified-domains",
            developer ? DEVELOPER_DOMAIN : "",
            "Domains whose owner is known, between commas: trunks lie in them or below; * for all.");
    return new SipConfig(
        Arrays.stream(text.toLowerCase(Locale.ROOT).split(",", -1))
            .map(String::strip)
            .filter(domain -> !domain.isEmpty())
            .toList());
  }

  /** For a configuration that is only tried out. */
  static SipConfig any() {
    return new SipConfig(List.of(ALL));
  }

  /** Whether a name is a verified domain, or lies below one. */
  boolean isVerified(String name) {
    return verifiedDomains.contains(ALL)
        || verifiedDomains.stream().anyMatch(domain -> new SipDomain(domain, true).holds(name));
  }
}
