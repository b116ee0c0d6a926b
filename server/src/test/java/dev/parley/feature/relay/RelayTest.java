package dev.parley.feature.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What relays promise through their front door. */
class RelayTest {
  private static final ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");
  private static final String ANN = "8:acs:" + CONTOSO + "_00000000-0000-4000-8000-000000000001";
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00.250Z");
  private static final Secret MASTER = Secret.of(new byte[32]);
  private static final Map<String, String> URLS =
      Map.of(
          "relay.urls", "turn:one.example.com:3478, stun:one.example.com",
          "relay.nearest-urls", "turns:two.example.com:443?transport=tcp",
          "relay.secret", "the-north-wind-1");

  @Test
  void aCredentialIsWhatCoturnExpects() {
    var issued = relay(URLS, false).issue(CONTOSO, Optional.of(ANN), any(), Duration.ofHours(1));
    var server = issued.iceServers().getFirst();
    assertEquals(NOW.plusSeconds(3600), issued.expiresOn());
    assertEquals("1795690800:" + ANN, server.username());
    // By openssl: printf %s USERNAME | openssl dgst -sha1 -hmac SECRET -binary | base64
    assertEquals("dnTx5PBBuVMgNPP2quQa+diA0cY=", server.credential());
    assertEquals(List.of("turn:one.example.com:3478", "stun:one.example.com"), server.urls());
    assertTrue(!server.toString().contains(server.credential()), server::toString);
  }

  @Test
  void eachRouteTypeIsAnEntry() {
    var both = relay(URLS, false).issue(CONTOSO, Optional.empty(), Optional.empty(), Relay.TTL_MAX);
    assertEquals(
        List.of(RouteType.ANY, RouteType.NEAREST),
        both.iceServers().stream().map(IceServer::routeType).toList());
    assertEquals(
        List.of("turns:two.example.com:443?transport=tcp"), both.iceServers().getLast().urls());
    assertTrue(both.iceServers().getFirst().username().endsWith(":" + CONTOSO));
    var one =
        relay(URLS, false)
            .issue(CONTOSO, Optional.empty(), Optional.of(RouteType.NEAREST), Relay.TTL_MAX);
    assertEquals(List.of(both.iceServers().getLast()), one.iceServers());
  }

  @Test
  void noCredentialIsGoodForMoreThanTwoDays() {
    var relay = relay(URLS, false);
    assertEquals(
        NOW.plus(Duration.ofDays(2)),
        relay.issue(CONTOSO, Optional.empty(), any(), Duration.ofDays(3)).expiresOn());
    assertEquals(NOW, relay.issue(CONTOSO, Optional.empty(), any(), Duration.ZERO).expiresOn());
  }

  @Test
  void onlyUsersOfTheResourceGetCredentials() {
    var relay = relay(URLS, false);
    var foreign = new ResourceId("22222222-bbbb-4000-8000-000000000002");
    for (var call :
        List.<Executable>of(
            () -> relay.issue(foreign, Optional.of(ANN), any(), Relay.TTL_MAX),
            () -> relay.issue(CONTOSO, Optional.of(ANN + "2"), any(), Relay.TTL_MAX))) {
      var refusal = assertThrows(Refusal.class, call);
      assertEquals(400, refusal.status());
      assertEquals(Optional.of("id"), refusal.target());
    }
  }

  @Test
  void productionHasNoRelayUnlessOneIsNamed() {
    var issued = relay(Map.of(), false).issue(CONTOSO, Optional.empty(), any(), Relay.TTL_MAX);
    assertEquals(List.of(), issued.iceServers());
    assertEquals(NOW.plus(Duration.ofDays(2)), issued.expiresOn());
  }

  @Test
  void theSecretFollowsFromTheMasterKeyWhereNoneIsSet() {
    var one = credential(relay(Map.of(), true));
    assertEquals(one, credential(relay(Map.of(), true)));
    var other =
        new Relay(
            RelayConfig.of(new Settings(Map.of()), true),
            (_, _) -> true,
            Secret.of(new byte[] {1, 2, 3}),
            () -> NOW);
    assertNotEquals(one, credential(other));
    assertNotEquals(one, credential(relay(Map.of("relay.secret", "0123456789abcdef"), true)));
  }

  private static String credential(Relay relay) {
    return relay
        .issue(CONTOSO, Optional.empty(), any(), Relay.TTL_MAX)
        .iceServers()
        .getFirst()
        .credential();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relay.urls|http://turn.example.com",
        "relay.urls|turn:",
        "relay.urls|turn:turn.example.com:port",
        "relay.urls|turn:turn.example.com?transport=sctp",
        "relay.urls|turn:a.example.com turn:b.example.com",
        "relay.secret|short",
        "relay.secret|sixteen letters and a blank",
        "relay.realm|two words",
        "relay.allowed-peers|media.example.com",
      })
  void aSettingOfAnotherFormStopsTheStart(String key, String value) {
    var settings = new Settings(Map.of(key, value));
    var problem = assertThrows(SettingsProblem.class, () -> RelayConfig.of(settings, false));
    assertTrue(problem.getMessage().startsWith(key), problem::getMessage);
    assertTrue(!key.equals("relay.secret") || !problem.getMessage().contains(value));
  }

  @Test
  void addressesOfEveryFormAreTaken() {
    var urls =
        "turn:10.0.0.1,turn:[2001:db8::1]:3478?transport=udp,turns:a.example.com,stuns:a.example.com:5349,stun:[::1]";
    var config = RelayConfig.of(new Settings(Map.of("relay.urls", urls)), false);
    assertEquals(List.of(urls.split(",")), config.urls());
  }

  @Test
  void productionsRelaySendsNowhereInside() {
    var settings = new HashMap<>(URLS);
    settings.put("relay.allowed-peers", "10.1.2.3,10.1.3.0-10.1.3.255");
    var text = relay(settings, false).turnConfig();
    assertTrue(text.contains("\nstatic-auth-secret=the-north-wind-1\n"), text);
    assertTrue(text.contains("\nlistening-port=3478\n"), text);
    assertTrue(text.contains("\nallowed-peer-ip=10.1.3.0-10.1.3.255\n"), text);
    assertTrue(text.contains("\ndenied-peer-ip=10.0.0.0-10.255.255.255\n"), text);
    assertTrue(text.contains("\ndenied-peer-ip=127.0.0.0-127.255.255.255\n"), text);
    assertTrue(!text.contains("allow-loopback-peers"), text);
  }

  private static Optional<RouteType> any() {
    return Optional.of(RouteType.ANY);
  }

  private static Relay relay(Map<String, String> settings, boolean developer) {
    return new Relay(
        RelayConfig.of(new Settings(settings), developer),
        (resource, user) -> resource.equals(CONTOSO) && user.equals(ANN),
        MASTER,
        () -> NOW);
  }
}
