package dev.parley.feature.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Answer;
import dev.parley.base.kit.FreePort;
import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that a whole house gives, shown to a real coturn that has the house's word. */
class RelayCoturnTest {
  private static final String NEWEST = "2022-03-01-preview";

  @TempDir private static Path folder;
  private static TestHouse house;
  private static Coturn coturn;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    var port = FreePort.find();
    house =
        TestHouse.start(
            folder.resolve("data"),
            Map.of("relay.urls", "turn:127.0.0.1:%d,stun:127.0.0.1:%d".formatted(port, port)));
    var own = Files.createDirectory(folder.resolve("coturn"));
    coturn = Coturn.start(own, house.operator("GET", "/parley/relay/turn-config"), port);
  }

  @AfterAll
  static void stop() {
    try {
      if (coturn != null) {
        coturn.close();
      }
    } finally {
      if (house != null) {
        house.close();
      }
    }
  }

  @Test
  void coturnKnowsEveryWordOfItsConfiguration() throws IOException {
    assertFalse(coturn.said().contains("Bad configuration format"), coturn.said());
    assertFalse(coturn.said().contains("CONFIG ERROR"), coturn.said());
  }

  /** The same peers as in the developer profile, which a production relay must not reach. */
  @Test
  void productionsRelaySendsNowhereInside() throws Exception {
    var port = FreePort.find();
    var settings =
        Map.of(
            "relay.urls", "turn:127.0.0.1:" + port,
            "relay.secret", "0123456789abcdef",
            "relay.allowed-peers", "10.1.2.3,10.1.3.0-10.1.3.255");
    var relay =
        new Relay(
            RelayConfig.of(new Settings(settings), false),
            (_, _) -> true,
            Secret.of(new byte[32]),
            InstantSource.system());
    var loopback = "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\n";
    var own = Files.createDirectory(folder.resolve("production"));
    try (var production = Coturn.start(own, relay.turnConfig() + loopback, port)) {
      assertFalse(production.said().contains("Bad configuration format"), production.said());
      assertFalse(production.said().contains("CONFIG ERROR"), production.said());
      var server =
          relay
              .issue(new ResourceId("contoso"), Optional.empty(), Optional.empty(), Relay.TTL_MAX)
              .iceServers()
              .getFirst();
      var said = production.relay(server.username(), server.credential());
      assertFalse(said.relayed(), said::text);
      assertTrue(said.text().contains("403 (Forbidden IP)"), said::text);
    }
  }

  @Test
  void aFreshCredentialRelays() throws Exception {
    var user = house.person("voip");
    var issued = issue(NEWEST, "{\"id\":\"%s\",\"ttl\":600}".formatted(user.id()));
    assertEquals(200, issued.status(), issued::body);
    var said = relay(issued);
    assertTrue(said.relayed(), said::text);
  }

  @Test
  void anotherPasswordIsRefused() throws Exception {
    var issued = issue(NEWEST, "{}");
    var said = coturn.relay(issued.text("/iceServers/0/username"), "bm90IHRoZSBzZWNyZXQ=");
    assertFalse(said.exit() == 0, said::text);
    assertTrue(said.text().contains("Cannot complete Allocation"), said::text);
  }

  @Test
  void anotherEndIsRefused() throws Exception {
    var issued = issue(NEWEST, "{\"ttl\":600}");
    var later = Instant.now().plus(Duration.ofDays(9)).getEpochSecond();
    var name = issued.text("/iceServers/0/username");
    var said =
        coturn.relay(
            later + name.substring(name.indexOf(':')), issued.text("/iceServers/0/credential"));
    assertFalse(said.exit() == 0, said::text);
    assertTrue(said.text().contains("Cannot complete Allocation"), said::text);
  }

  @Test
  void anExpiredCredentialIsRefused() throws Exception {
    // The relay's clock has seconds, and the last one still counts.
    var issued = issue(NEWEST, "{\"ttl\":0}");
    var end = Long.parseLong(issued.text("/iceServers/0/username").split(":", -1)[0]);
    while (Instant.now().getEpochSecond() <= end) {
      LockSupport.parkNanos(1_000_000);
    }
    var said = relay(issued);
    assertFalse(said.exit() == 0, said::text);
    assertTrue(said.text().contains("Cannot complete Allocation"), said::text);
  }

  @Test
  void theAnswerIsTheContracts() {
    var issued = issue(NEWEST, "");
    assertEquals("any", issued.text("/iceServers/0/routeType"));
    assertEquals("nearest", issued.text("/iceServers/1/routeType"));
    var left = Duration.between(Instant.now(), Instant.parse(issued.text("/expiresOn")));
    assertTrue(left.compareTo(Duration.ofHours(47)) > 0, left::toString);
    assertTrue(left.compareTo(Duration.ofDays(2)) <= 0, left::toString);
    var nearest = issue(NEWEST, "{\"routeType\":\"nearest\",\"ttl\":99999999}");
    assertEquals("nearest", nearest.text("/iceServers/0/routeType"));
    assertEquals("", nearest.text("/iceServers/1/routeType"));
    assertTrue(
        Duration.between(Instant.now(), Instant.parse(nearest.text("/expiresOn")))
                .compareTo(Duration.ofDays(2))
            <= 0);
  }

  @Test
  void earlierVersionsKnowLess() {
    var first = issue("2021-06-21-preview", "{\"routeType\":\"unheard\",\"ttl\":-1}");
    assertEquals(200, first.status(), first::body);
    assertEquals("", first.text("/iceServers/0/routeType"));
    assertEquals("", first.text("/iceServers/1/username"));
    var stable = issue("2022-02-01", "{\"routeType\":\"nearest\",\"ttl\":-1}");
    assertEquals("nearest", stable.text("/iceServers/0/routeType"));
    assertTrue(
        Instant.parse(stable.text("/expiresOn")).isAfter(Instant.now().plus(Duration.ofHours(47))));
    // The spelling of their path.
    assertEquals(
        200,
        house
            .signed(
                "POST", "/networktraversal/:issueRelayConfiguration?api-version=2022-02-01", "{}")
            .status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"8:acs:nobody\"}|id",
        "{\"id\":\"\"}|id",
        "{\"routeType\":\"fastest\"}|routeType",
        "{\"ttl\":-1}|ttl",
        "{\"ttl\":\"long\"}|",
        "{\"ttl\":99999999999}|",
        "[]|",
        "{|",
      })
  void aBadRequestIsRefused(String body, String target) {
    var answer = issue(NEWEST, body);
    assertEquals(400, answer.status(), answer::body);
    assertEquals("BadRequest", answer.text("/error/code"));
    assertEquals(target == null ? "" : target, answer.text("/error/target"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"voip", "voip.join"})
  void whoMayCallGetsOneForHimself(String scope) {
    var target = "/networkTraversal/:issueRelayConfiguration?api-version=" + NEWEST;
    var person = house.person(scope);
    var answer =
        house.call("POST", target, person.token(), "{\"id\":\"" + house.person().id() + "\"}");
    assertEquals(200, answer.status(), answer::toString);
    assertTrue(answer.text("/iceServers/0/username").endsWith(":" + person.id()), answer::body);
  }

  @Test
  void othersGetNone() {
    var target = "/networkTraversal/:issueRelayConfiguration?api-version=" + NEWEST;
    assertEquals(403, house.call("POST", target, house.person("chat").token(), "{}").status());
    assertEquals(401, house.call("POST", target, "", "{}").status());
    assertFalse(house.signed("GET", "/parley/relay/turn-config", "").body().contains("secret="));
  }

  private static Coturn.Said relay(Answer issued) throws IOException, InterruptedException {
    return coturn.relay(
        issued.text("/iceServers/0/username"), issued.text("/iceServers/0/credential"));
  }

  private static Answer issue(String version, String body) {
    return house.signed(
        "POST", "/networkTraversal/:issueRelayConfiguration?api-version=" + version, body);
  }
}
