package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Answer;
import dev.parley.TestHouse.Person;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.RawSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps in the wrong order, what is too large, and acknowledgements that nobody waits for. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisuseTest {
  private static final int TOO_LARGE = 1009;
  private static final int POLICY_VIOLATION = 1008;

  @TempDir private static Path folder;
  private static TestHouse house;

  @BeforeAll
  static void open() {
    house = TestHouse.start(folder.resolve("data"), Map.of("realtime.poll-time", "1s"));
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private static String polling(TrouterClient client) {
    return "/socket.io/1/xhr-polling/" + client.sid + client.query();
  }

  private static Answer poll(TrouterClient client) {
    return house.exchange("GET", polling(client), "", client.token());
  }

  private static Answer post(TrouterClient client, String body) {
    return house.exchange("POST", polling(client), body, client.token());
  }

  private static TrouterClient shaken() {
    var client = new TrouterClient(house, house.person());
    client.allocate();
    client.handshake();
    return client;
  }

  private static int upgrade(TrouterClient client) throws Exception {
    var target = "/socket.io/1/websocket/" + client.sid + client.query();
    try (var socket = RawSocket.open(house.port(), target)) {
      return socket.status();
    }
  }

  private static int waiting(Person person) {
    var target =
        "/parley/realtime/endpoints?userId="
            + URLEncoder.encode(person.id(), StandardCharsets.UTF_8);
    var endpoints = TrouterClient.json(house.signed("GET", target, "").body());
    return endpoints.path("count").asInt() == 0
        ? -1
        : endpoints.at("/value/0/waitingEvents").asInt();
  }

  // The order of steps.

  @Test
  void whatComesBeforeItsTimeMakesNothing() throws Exception {
    var client = new TrouterClient(house, house.person());
    client.register("AcsWeb");
    assertEquals(-1, waiting(client.person), "a registration alone is no endpoint");
    client.allocate();
    assertEquals(-1, waiting(client.person), "nor is an allocation");
    client.sid = "0123456789abcdef0123456789abcdef";
    assertEquals(404, upgrade(client));
    assertEquals(404, poll(client).status());
    client.handshake();
    assertEquals(404, post(client, "2::").status(), "packets before there is a connection");
    var leaving = house.exchange("GET", polling(client) + "&disconnect=1", "", client.token());
    assertEquals(404, leaving.status());
    assertEquals("1::", poll(client).body(), "the session is still there");
  }

  @Test
  void aSessionIsOneConnectionOfOneKind() throws Exception {
    var poller = shaken();
    assertEquals("1::", poll(poller).body());
    assertEquals(404, upgrade(poller));
    var socket = shaken();
    socket.open();
    assertEquals(404, poll(socket).status());
    assertEquals(404, post(socket, "0::").status(), "nobody ends a WebSocket by a poll");
    socket.socket.send("5:1+::{\"name\":\"ping\"}");
    assertEquals("6:::1+[\"pong\"]", socket.next());
    socket.close();
  }

  @Test
  void whoHasSaidWhoItIsStaysThat() throws Exception {
    var ann = house.person();
    var bob = house.person();
    var thread = house.thread(bob);
    try (var socket = RawSocket.open(house.port(), "/v4/c?epid=first")) {
      assertEquals("1::", socket.next().orElseThrow());
      socket.send(authenticate("5:::", ann.token()));
      assertTrue(socket.next().orElseThrow().contains("trouter.connected"));
      socket.send(authenticate("5:2+::", bob.token()));
      assertEquals("6:::2+[\"unknown\"]", socket.next().orElseThrow());
      house.send(bob, thread, "for bob alone");
      var own = house.thread(ann);
      var id = house.send(ann, own, "for ann");
      var event = TrouterClient.event(socket.next().orElseThrow()).orElseThrow();
      while (!event.name().equals("chatMessageReceived")) {
        event = TrouterClient.event(socket.next().orElseThrow()).orElseThrow();
      }
      assertEquals(id, event.text("messageId"));
    }
  }

  private static String authenticate(String prefix, String token) {
    var args = Map.of("headers", Map.of("X-Skypetoken", token));
    return prefix + Json.text(Map.of("name", "user.authenticate", "args", List.of(args)));
  }

  // Acknowledgements.

  @Test
  void acknowledgementsForNothingChangeNothing() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = TrouterClient.connected(house, ann).answering(false);
    var first = house.send(ann, thread, "first");
    var event = client.event();
    assertEquals(first, event.text("messageId"));
    var before = waiting(ann);
    for (var id : new long[] {0, event.id() + 1, event.id() + 4711, 999_999_999_999_999_999L}) {
      for (var status : new int[] {200, 404, 504}) {
        client.socket.send(TrouterClient.response(id, status));
      }
    }
    client.socket.send("3:::{\"id\":-1,\"status\":200,\"body\":\"\"}");
    client.socket.send("6:::" + event.id());
    client.socket.send("6:::" + event.id() + "+[\"no acknowledgement of an event\"]");
    client.socket.send("5:1+::{\"name\":\"ping\"}");
    assertEquals("6:::1+[\"pong\"]", client.next(), "nothing is sent again for it");
    assertEquals(before, waiting(ann));
    client.cut();
    client.answering(true).connect();
    assertEquals(first, client.event().text("messageId"), "what was not acknowledged comes again");
    // The same acknowledgement once more, when nothing waits.
    client.acknowledge(event);
    client.acknowledge(event);
    var second = house.send(ann, thread, "second");
    assertEquals(second, client.event().text("messageId"));
    client.close();
  }

  // Sizes and kinds.

  @Test
  void whatIsTooLargeIsRefusedWhereverItComes() throws Exception {
    var large = "2::" + "x".repeat(40_000);
    try (var client = TrouterClient.connected(house, house.person())) {
      var half = large.substring(0, 20_000).getBytes(StandardCharsets.US_ASCII);
      client.socket.send(0x01, half);
      client.socket.send(0x80, half);
      assertTrue(client.socket.next().isEmpty());
      assertEquals(TOO_LARGE, client.socket.closeStatus(), "in pieces");
    }
    try (var socket = RawSocket.open(house.port(), "/v4/c?epid=large")) {
      assertEquals("1::", socket.next().orElseThrow());
      socket.send(large);
      assertTrue(socket.next().isEmpty());
      assertEquals(TOO_LARGE, socket.closeStatus(), "before the authentication");
    }
    var poller = shaken();
    assertEquals("1::", poll(poller).body());
    assertEquals(413, post(poller, large.repeat(8)).status());
    assertEquals(200, post(poller, "2::").status(), "the session has not seen it");
    var registered =
        house.exchange("POST", "/registrar/prod/v3/registrations", large, poller.token());
    assertEquals(413, registered.status());
    assertEquals(413, house.exchange("POST", "/v4/a?epid=e", large, poller.token()).status());
  }

  @Test
  void packetsAreText() throws Exception {
    try (var socket = RawSocket.open(house.port(), "/v4/c?epid=binary")) {
      assertEquals("1::", socket.next().orElseThrow());
      socket.send(0x82, new byte[] {1, 2, 3});
      assertTrue(socket.next().isEmpty());
      assertEquals(POLICY_VIOLATION, socket.closeStatus());
    }
    try (var client = TrouterClient.connected(house, house.person())) {
      client.socket.send(0x82, "5:1+::{\"name\":\"ping\"}".getBytes(StandardCharsets.US_ASCII));
      assertTrue(client.socket.next().isEmpty());
    }
  }

  @Test
  void noiseInPollingBodiesEndsOnlyItsSession() throws Exception {
    var seed = System.nanoTime();
    System.out.println("MisuseTest seed " + seed);
    var random = new Random(seed);
    var ann = house.person();
    var thread = house.thread(ann);
    try (var witness = TrouterClient.connected(house, ann)) {
      var alphabet = "0123456789:+\uFFFD{}[]\"\\,nameidstu \u0000é😀";
      for (var i = 0; i < 60; i++) {
        var client = shaken();
        assertEquals("1::", poll(client).body());
        for (var j = 0; j < 6; j++) {
          var noise = new StringBuilder(random.nextBoolean() ? "\uFFFD" + random.nextInt(9) : "");
          for (var k = random.nextInt(60); k > 0; k--) {
            noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          var status = post(client, noise.toString()).status();
          assertTrue(List.of(200, 400, 404).contains(status), status + " for " + noise);
        }
      }
      var id = house.send(ann, thread, "undisturbed");
      assertEquals(id, witness.event().text("messageId"));
    }
  }
}
