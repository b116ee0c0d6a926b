package dev.parley.feature.siprouting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.base.store.Migration;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.siprouting.SipPatch.DomainPatch;
import dev.parley.feature.siprouting.SipPatch.TrunkPatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What SIP routing promises through its front door, on every store. */
abstract class SipRoutingContract {
  private static final String DOMAIN = SipConfig.DEVELOPER_DOMAIN;
  private static final String ONE = "one." + DOMAIN;
  private static final String TWO = "two." + DOMAIN;
  private static final String ANY = "^\\+[1-9]\\d{3,23}$";
  private static final Caller CONTOSO = caller("11111111-aaaa-4000-8000-000000000001");
  private static final Caller FABRIKAM = caller("22222222-bbbb-4000-8000-000000000002");

  private Store store;
  private SipRouting sip;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(SipRouting.migrations());
    sip = new SipRouting(new SipConfig(List.of(DOMAIN)), store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aFreshResourceHasNothing() {
    assertEquals(SipConfiguration.EMPTY, sip.get(CONTOSO.resource()));
    assertEquals(List.of(), sip.trunks(CONTOSO.resource(), "+14255550123"));
  }

  @Test
  void whatIsSetKeepsItsOrder() {
    var trunks = new LinkedHashMap<String, Optional<TrunkPatch>>();
    for (var i = 9; i > 0; i--) {
      trunks.put("t" + i + "." + DOMAIN, port(5060 + i));
    }
    update(trunks, Optional.empty());
    assertEquals(
        List.copyOf(trunks.keySet()),
        sip.get(CONTOSO.resource()).trunks().stream().map(SipTrunk::fqdn).toList());
    var routes = List.of(route("z", ANY, ONE), route("a", ANY, ONE));
    update(Map.of(ONE, port(5061)), Optional.of(routes));
    assertEquals(routes, sip.get(CONTOSO.resource()).routes());
    assertEquals(List.of(), sip.get(FABRIKAM.resource()).trunks());
  }

  @Test
  void aPatchChangesOnlyWhatItNames() {
    update(two(), Optional.of(List.of(route("all", ANY, ONE))));
    update(Map.of(ONE, Optional.of(new TrunkPatch(Optional.empty(), Optional.of(false)))));
    assertEquals(new SipTrunk(ONE, 5061, false), trunk(ONE));
    update(Map.of(ONE, port(6000)));
    assertEquals(new SipTrunk(ONE, 6000, false), trunk(ONE));
    assertEquals(1, sip.get(CONTOSO.resource()).routes().size());
    update(Map.of(TWO, Optional.empty()));
    assertEquals(1, sip.get(CONTOSO.resource()).trunks().size());
    update(Map.of("none." + DOMAIN, Optional.empty()));
    update(Map.of(), Optional.of(List.of()));
    assertEquals(List.of(), sip.get(CONTOSO.resource()).routes());
  }

  @Test
  void aBadPatchChangesNothing() {
    update(two(), Optional.of(List.of(route("all", ANY, ONE))));
    var before = sip.get(CONTOSO.resource());
    refused(422, "EmptyPatch", () -> update(Map.of()));
    refused(422, "InvalidTrunkFqdn", () -> update(Map.of("-1", port(5061))));
    refused(422, "InvalidTrunkFqdn", () -> update(Map.of("10.0.0.1", port(5061))));
    refused(422, "InvalidTrunkFqdn", () -> update(Map.of("x".repeat(250), port(5061))));
    refused(422, "InvalidTrunkSipSignalingPort", () -> update(Map.of(ONE, port(0))));
    refused(422, "InvalidTrunkSipSignalingPort", () -> update(Map.of(ONE, port(65_536))));
    refused(
        422,
        "InvalidTrunkSipSignalingPort",
        () ->
            update(
                Map.of(
                    "new." + DOMAIN,
                    Optional.of(new TrunkPatch(Optional.empty(), Optional.empty())))));
    refused(422, "UnverifiedDomain", () -> update(Map.of("sbc.evil.example", port(5061))));
    refused(422, "UnverifiedDomain", () -> update(Map.of("evil" + DOMAIN, port(5061))));
    refused(422, "MissingTrunk", () -> update(Map.of(ONE, Optional.empty())));
    refused(422, "MissingTrunk", () -> routes(route("r", ANY, "none." + DOMAIN)));
    refused(422, "InvalidRouteName", () -> routes(route("", ANY)));
    refused(422, "InvalidRouteName", () -> routes(route("n".repeat(257), ANY)));
    refused(422, "InvalidRouteNumberPattern", () -> routes(route("r", "")));
    refused(422, "InvalidRouteNumberPattern", () -> routes(route("r", "(")));
    refused(422, "InvalidRouteNumberPattern", () -> routes(route("r", "1".repeat(1_025))));
    refused(
        422,
        "InvalidRouteDescription",
        () -> routes(new SipRoute("r", "d".repeat(1_025), ANY, List.of())));
    refused(400, "DuplicatedRoute", () -> routes(route("r", ANY), route("r", ANY)));
    refused(400, "RouteWithDuplicatedTrunk", () -> routes(route("r", ANY, ONE, ONE)));
    var many = IntStream.range(0, 251).mapToObj(i -> route("r" + i, ANY)).toList();
    refused(422, "TooManyRoutes", () -> update(Map.of(), Optional.of(many)));
    assertEquals(before, sip.get(CONTOSO.resource()));
  }

  @Test
  void theLargestConfigurationFits() {
    var trunks = new LinkedHashMap<String, Optional<TrunkPatch>>();
    var routes = new ArrayList<SipRoute>();
    for (var i = 0; i < SipRules.ITEMS_MAX; i++) {
      trunks.put("t" + i + "." + DOMAIN, port(5061));
      routes.add(route("r" + i, ANY, "t" + i + "." + DOMAIN));
    }
    update(trunks, Optional.of(routes));
    assertEquals(SipRules.ITEMS_MAX, sip.get(CONTOSO.resource()).routes().size());
  }

  @Test
  void previewCallersSetDomainsFirst() {
    refused(422, "MissingDomain", () -> preview(Map.of(), Map.of(ONE, port(5061))));
    refused(422, "InvalidDomain", () -> preview(domain("-1", true), Map.of()));
    refused(422, "UnverifiedDomain", () -> preview(domain("evil.example", true), Map.of()));
    preview(domain(DOMAIN, true), Map.of(ONE, port(5061)));
    refused(422, "MissingDomain", () -> preview(Map.of(DOMAIN, Optional.empty()), Map.of()));
    preview(Map.of(), Map.of(ONE, Optional.empty()));
    preview(Map.of(DOMAIN, Optional.empty()), Map.of());
    assertEquals(SipConfiguration.EMPTY, sip.get(CONTOSO.resource()));
  }

  @Test
  void aCallGoesOverTheFirstRouteThatMatches() {
    update(
        two(),
        Optional.of(
            List.of(
                route("local", "^\\+1425\\d{7}$", TWO, ONE),
                route("rest", ANY, ONE),
                route("nothing", "^\\+33"))));
    assertEquals(List.of(TWO, ONE), names("+14255550123"));
    assertEquals(List.of(ONE), names("+12065550123"));
    assertEquals(List.of(), names("911"));
    update(Map.of(TWO, Optional.of(new TrunkPatch(Optional.empty(), Optional.of(false)))));
    assertEquals(List.of(ONE), names("+14255550123"));
    preview(domain(DOMAIN, false), Map.of());
    assertEquals(List.of(), names("+14255550123"));
    refused(400, "", () -> names("+1 (425) 555"));
  }

  @Test
  void theOfficialPatternMatchesNumbersWithTheirPlus() {
    update(two(), Optional.of(List.of(route("r", "^+[1-9][0-9]{3,23}$", ONE))));
    assertEquals(List.of(ONE), names("+14255550123"));
    assertEquals(
        "^+[1-9][0-9]{3,23}$", sip.get(CONTOSO.resource()).routes().getFirst().numberPattern());
  }

  @Test
  void aHostilePatternEndsSoonAndMatchesNothing() {
    for (var pattern : List.of("^\\+(\\d+)+x$", "^\\+(\\d|\\d\\d)+x$", "^\\+((\\d*)*)*x$")) {
      update(two(), Optional.of(List.of(route("evil", pattern, ONE), route("good", ANY, TWO))));
      assertEquals(List.of(TWO), names("+123456789012345678901234".substring(0, 24)), pattern);
    }
  }

  @Test
  void routesAreTriedOutWithoutBeingSet() {
    var configuration =
        new SipConfiguration(
            List.of(new SipDomain("contoso.com", true)),
            List.of(
                new SipTrunk("seattle.contoso.com", 5011, true),
                new SipTrunk("us1.contoso.com", 5012, true)),
            List.of(
                route("Seattle", "^\\+1(425|206)\\d{7}$", "seattle.contoso.com"),
                route("US", "^\\+1\\d{10}$", "us1.contoso.com"),
                route("Russia", "^\\+7\\d+$"),
                route("Global", "^\\+\\d+$")));
    assertEquals(
        List.of("Seattle", "US", "Global"),
        sip.test(configuration, "+14251234567").stream().map(SipRoute::name).toList());
    assertEquals(SipConfiguration.EMPTY, sip.get(CONTOSO.resource()));
    var broken =
        new SipConfiguration(List.of(), List.of(), List.of(route("US", ANY, "none.example.com")));
    refused(422, "MissingTrunk", () -> sip.test(broken, "+14251234567"));
  }

  @Test
  void changesAtOnceAreAllThere() {
    SideBySide.each(
        IntStream.range(0, 40).boxed().toList(),
        i -> update(Map.of("t" + i + "." + DOMAIN, port(5000 + i))));
    assertEquals(40, sip.get(CONTOSO.resource()).trunks().size());
  }

  @Test
  void anErasedResourceHasNothing() {
    update(two());
    sip.eraseAll(CONTOSO.resource());
    sip.eraseAll(CONTOSO.resource());
    assertEquals(SipConfiguration.EMPTY, sip.get(CONTOSO.resource()));
  }

  private static Caller caller(String resource) {
    return new Caller.KeyHolder(
        new ResourceId(resource), KeySlot.PRIMARY, new Origin("key:PRIMARY", "PRIMARY", ""));
  }

  private static Map<String, Optional<TrunkPatch>> two() {
    var trunks = new LinkedHashMap<String, Optional<TrunkPatch>>();
    trunks.put(ONE, port(5061));
    trunks.put(TWO, port(5062));
    return trunks;
  }

  private static Optional<TrunkPatch> port(int port) {
    return Optional.of(new TrunkPatch(Optional.of(port), Optional.empty()));
  }

  private static SipRoute route(String name, String pattern, String... trunks) {
    return new SipRoute(name, null, pattern, List.of(trunks));
  }

  private static Map<String, Optional<DomainPatch>> domain(String name, boolean enabled) {
    return Map.of(name, Optional.of(new DomainPatch(Optional.of(enabled))));
  }

  private void update(Map<String, Optional<TrunkPatch>> trunks) {
    update(trunks, Optional.empty());
  }

  private void update(Map<String, Optional<TrunkPatch>> trunks, Optional<List<SipRoute>> routes) {
    sip.update(CONTOSO, new SipPatch(Map.of(), trunks, routes), false);
  }

  private void routes(SipRoute... routes) {
    update(Map.of(), Optional.of(List.of(routes)));
  }

  private void preview(
      Map<String, Optional<DomainPatch>> domains, Map<String, Optional<TrunkPatch>> trunks) {
    sip.update(CONTOSO, new SipPatch(domains, trunks, Optional.empty()), true);
  }

  private SipTrunk trunk(String fqdn) {
    return sip.get(CONTOSO.resource()).trunk(fqdn).orElseThrow();
  }

  private List<String> names(String number) {
    return sip.trunks(CONTOSO.resource(), number).stream().map(SipTrunk::fqdn).toList();
  }

  private static void refused(int status, String inner, Executable call) {
    var refusal = assertThrows(Refusal.class, call);
    var code = refusal.inner().map(Refusal.Detail::code).orElse("");
    assertEquals(status + " " + inner, refusal.status() + " " + code);
  }
}
