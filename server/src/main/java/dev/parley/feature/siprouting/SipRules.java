package dev.parley.feature.siprouting;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What a configuration must be. */
final class SipRules {
  /** Domains, trunks, routes, and trunks of one route, each at most; the contract's own limits. */
  static final int ITEMS_MAX = 250;

  private static final int FQDN_MAX = 249;
  private static final int NAME_MAX = 256;
  private static final int WORDS_MAX = 1_024;
  private static final int PORT_MAX = 65_535;
  private static final Pattern FQDN =
      Pattern.compile(
          "([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");

  private final SipConfig config;

  SipRules(SipConfig config) {
    this.config = config;
  }

  /**
   * Checks a whole configuration.
   *
   * @param needsDomains whether every trunk must lie in a domain that the resource has set, as in
   *     the preview contract; otherwise a verified one is enough
   * @throws dev.parley.base.words.Refusal when it is none
   */
  void check(SipConfiguration after, boolean needsDomains) {
    atMost("Domains", after.domains());
    atMost("Trunks", after.trunks());
    atMost("Routes", after.routes());
    after.domains().forEach(this::check);
    after.trunks().forEach(trunk -> check(trunk, after, needsDomains));
    checkRoutes(after);
  }

  private static void atMost(String what, List<?> items) {
    if (items.size() > ITEMS_MAX) {
      throw SipProblems.tooMany(what, ITEMS_MAX);
    }
  }

  private void check(SipDomain domain) {
    if (!isFqdn(domain.name())) {
      throw SipProblems.badDomain();
    }
    if (!config.isVerified(domain.name())) {
      throw SipProblems.unverifiedDomain(domain.name());
    }
  }

  private void check(SipTrunk trunk, SipConfiguration after, boolean needsDomains) {
    if (!isFqdn(trunk.fqdn())) {
      throw SipProblems.badFqdn();
    }
    if (trunk.port() < 1 || trunk.port() > PORT_MAX) {
      throw SipProblems.badPort();
    }
    var configured = after.domains().stream().anyMatch(domain -> domain.holds(trunk.fqdn()));
    if (!configured && needsDomains) {
      throw SipProblems.missingDomain();
    }
    if (!configured && !config.isVerified(trunk.fqdn())) {
      throw SipProblems.unverifiedDomain(trunk.fqdn());
    }
  }

  private static boolean isFqdn(String name) {
    return name.length() <= FQDN_MAX
        && FQDN.matcher(name).matches()
        && !DIGITS.matcher(name).matches();
  }

  private static void checkRoutes(SipConfiguration after) {
    var names = new HashSet<String>();
    for (var route : after.routes()) {
      check(route);
      if (!names.add(route.name())) {
        throw SipProblems.duplicatedRoute();
      }
      if (new HashSet<>(route.trunks()).size() < route.trunks().size()) {
        throw SipProblems.duplicatedTrunk();
      }
      atMost("Trunks", route.trunks());
      if (route.trunks().stream().anyMatch(fqdn -> after.trunk(fqdn).isEmpty())) {
        throw SipProblems.missingTrunk();
      }
    }
  }

  private static void check(SipRoute route) {
    if (route.name().isBlank() || route.name().length() > NAME_MAX) {
      throw SipProblems.badRouteName();
    }
    var description = route.description();
    if (description != null && description.length() > WORDS_MAX) {
      throw SipProblems.badDescription();
    }
    var pattern = route.numberPattern();
    if (pattern.isEmpty() || pattern.length() > WORDS_MAX) {
      throw SipProblems.badPattern("it has %d characters".formatted(pattern.length()));
    }
    if (NumberPattern.of(pattern).isEmpty()) {
      throw SipProblems.badPattern("it does not compile");
    }
  }
}
