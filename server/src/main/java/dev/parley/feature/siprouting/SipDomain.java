package dev.parley.feature.siprouting;

import java.util.Locale;

/**
 * A verified domain that a resource uses for its trunks.
 *
 * @param name as the caller wrote it
 * @param enabled whether its trunks are used
 */
record SipDomain(String name, boolean enabled) {
  /** Whether a trunk lies in the domain. */
  boolean holds(String fqdn) {
    var domain = name.toLowerCase(Locale.ROOT);
    var trunk = fqdn.toLowerCase(Locale.ROOT);
    return trunk.equals(domain) || trunk.endsWith("." + domain);
  }
}
