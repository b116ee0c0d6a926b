package dev.parley.feature.siprouting;

import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The front door of SIP routing, for callers and for telephony. */
public final class SipRouting implements Feature {
  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{1,24}");

  private static final SipRules TRIED = new SipRules(SipConfig.any());

  private final SipConfig config;
  private final Store store;
  private final SipRules rules;
  private final SipStore rows = new SipStore();

  public SipRouting(SipConfig config, Store store) {
    this.config = config;
    this.store = store;
    this.rules = new SipRules(config);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return SipStore.MIGRATIONS;
  }

  /**
   * Where a call to the number goes: the enabled trunks of the first route that matches, in the
   * order in which they are to be tried; none when no route does.
   */
  public List<SipTrunk> trunks(ResourceId resource, String number) {
    var configuration = get(resource);
    return matching(configuration, number).stream()
        .findFirst()
        .map(route -> usable(configuration, route))
        .orElse(List.of());
  }

  private static List<SipTrunk> usable(SipConfiguration configuration, SipRoute route) {
    return route.trunks().stream()
        .flatMap(fqdn -> configuration.trunk(fqdn).stream())
        .filter(SipTrunk::enabled)
        .filter(trunk ->
            configuration.domains().stream()
                .noneMatch(domain -> domain.holds(trunk.fqdn()) && !domain.enabled()))
        .toList();
  }

  /** The trunks of a resource, for what comes in. */
  public List<SipTrunk> trunks(ResourceId resource) {
    return get(resource).trunks();
  }

  SipConfiguration get(ResourceId resource) {
    return store.read(all -> rows.get(all, resource));
  }

  /**
   * Changes the configuration, which is then whole and valid.
   *
   * @param needsDomains as in {@link SipRules#check}
   */
  SipConfiguration update(Caller caller, SipPatch patch, boolean needsDomains) {
    if (patch.isEmpty()) {
      throw SipProblems.emptyPatch();
    }
    return store.write(
        SipStore.partition(caller.resource()),
        tx -> {
          var after = patch.applied(rows.get(tx, caller.resource()));
          rules.check(after, needsDomains);
          rows.put(tx, caller.resource(), after);
          return after;
        });
  }

  /** The routes of a configuration that is only tried out, in their order. */
  List<SipRoute> test(SipConfiguration configuration, String number) {
    TRIED.check(configuration, false);
    return matching(configuration, number);
  }

  /** The routes that match a number, in their order. */
  static List<SipRoute> matching(SipConfiguration configuration, String number) {
    if (!NUMBER.matcher(number).matches()) {
      throw SipProblems.badNumber();
    }
    return configuration.routes().stream()
        .filter(route ->
            NumberPattern.of(route.numberPattern())
                .map(pattern -> pattern.matches(number))
                .orElse(false))
        .toList();
  }

  @Override
  public List<Route> routes() {
    return new SipHttp(this).routes();
  }

  @Override
  public Map<String, String> environment(Resource home) {
    return config.verifiedDomains().stream()
        .filter(domain -> !domain.equals("*"))
        .findFirst()
        .map(domain -> Map.of("ACS_SIP_DOMAIN", domain))
        .orElse(Map.of());
  }

  @Override
  public void eraseAll(ResourceId resource) {
    store.write(
        SipStore.partition(resource),
        tx -> {
          rows.erase(tx, resource);
          return true;
        });
  }
}
