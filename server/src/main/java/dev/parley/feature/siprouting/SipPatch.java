package dev.parley.feature.siprouting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of a configuration, as a merge patch (RFC 7396) means it.
 *
 * @param domains by name; empty where one goes
 * @param trunks by name; empty where one goes
 * @param routes all of them anew; empty where they stay
 */
record SipPatch(
    Map<String, Optional<DomainPatch>> domains,
    Map<String, Optional<TrunkPatch>> trunks,
    Optional<List<SipRoute>> routes) {
  /** What changes of a domain. */
  record DomainPatch(Optional<Boolean> enabled) {}

  /** What changes of a trunk. */
  record TrunkPatch(Optional<Integer> port, Optional<Boolean> enabled) {}

  /** Whether nothing is said, which the service refuses. */
  boolean isEmpty() {
    return domains.isEmpty() && trunks.isEmpty() && routes.isEmpty();
  }

  /**
   * The configuration with the change; what is new comes after what was there.
   *
   * @throws dev.parley.base.words.Refusal 422 when a new trunk has no port
   */
  SipConfiguration applied(SipConfiguration before) {
    return new SipConfiguration(
        domains(before.domains()), trunks(before.trunks()), routes.orElse(before.routes()));
  }

  private List<SipDomain> domains(List<SipDomain> before) {
    var all = new LinkedHashMap<String, SipDomain>();
    before.forEach(domain -> all.put(domain.name(), domain));
    domains.forEach((name, patch) -> {
      if (patch.isEmpty()) {
        all.remove(name);
      } else {
        var old = Optional.ofNullable(all.get(name));
        var enabled = patch.get().enabled().or(() -> old.map(SipDomain::enabled)).orElse(true);
        all.put(name, new SipDomain(name, enabled));
      }
    });
    return new ArrayList<>(all.values());
  }

  private List<SipTrunk> trunks(List<SipTrunk> before) {
    var all = new LinkedHashMap<String, SipTrunk>();
    before.forEach(trunk -> all.put(trunk.fqdn(), trunk));
    trunks.forEach((fqdn, patch) -> {
      if (patch.isEmpty()) {
        all.remove(fqdn);
      } else {
        var old = Optional.ofNullable(all.get(fqdn));
        var port =
            patch.get().port().or(() -> old.map(SipTrunk::port)).orElseThrow(SipProblems::badPort);
        var enabled = patch.get().enabled().or(() -> old.map(SipTrunk::enabled)).orElse(true);
        all.put(fqdn, new SipTrunk(fqdn, port, enabled));
      }
    });
    return new ArrayList<>(all.values());
  }
}
