package dev.parley.feature.siprouting;

import java.util.List;
import java.util.Optional;

/** Everything that a resource has set, each in the order in which it was set. */
record SipConfiguration(List<SipDomain> domains, List<SipTrunk> trunks, List<SipRoute> routes) {
  static final SipConfiguration EMPTY = new SipConfiguration(List.of(), List.of(), List.of());

  Optional<SipTrunk> trunk(String fqdn) {
    return trunks.stream().filter(trunk -> trunk.fqdn().equals(fqdn)).findFirst();
  }
}
