package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.wire.RawSocket;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that say nothing, read nothing, or talk nonsense. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultTest {
  @TempDir private static Path folder;
  private static TestHouse house;

  @BeforeAll
  static void open() {
    house =
        TestHouse.start(
            folder.resolve("data"),
            Map.of(
                "realtime.silence", "4s",
                "realtime.receipt-time", "3s",
                "realtime.catch-up", "4s",
                "realtime.waiting-events-max", "300",
                "realtime.waiting-bytes-max", "1000000"));
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private static JsonNode endpoints(Person person) {
    var answer =
        house.signed(
            "GET",
            "/parley/realtime/endpoints?userId="
                + URLEncoder.encode(person.id(), StandardCharsets.UTF_8),
            "");
    return TrouterClient.json(answer.body());
  }

  @Test
  void aSilentClientIsCut() throws Exception {
    var ann = house.person();
    try (var client = TrouterClient.connected(house, ann)) {
      assertTrue(client.socket.next().isEmpty());
    }
    assertFalse(endpoints(ann).at("/value/0/connected").asBoolean());
  }

  @Test
  void whatIsNotAcknowledgedEndsTheConnectionAndComesAgain() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = TrouterClient.connected(house, ann).answering(false);
    var id = house.send(ann, thread, "unanswered");
    var event = client.event();
    var packet = "";
    while (!packet.startsWith("0::")) {
      client.socket.send("2::");
      packet = client.socket.next().orElse("0::");
    }
    assertEquals("0:::{\"reason\":\"serviceunavailable\"}", packet);
    client.answering(true).connect();
    var again = client.event();
    assertEquals(id, again.text("messageId"));
    assertEquals(event.id(), again.id(), "under the same number");
    client.close();
  }

  @Test
  void whoStaysAwayTooLongIsForgotten() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = TrouterClient.connected(house, ann);
    client.cut();
    house.send(ann, thread, "too early");
    Waiting.until(() -> endpoints(ann).path("count").asInt() == 0);
    client.connect();
    var id = house.send(ann, thread, "in time");
    assertEquals(id, client.event().text("messageId"));
    client.close();
  }

  @Test
  void aDeadAndASlowReaderCostTheOthersNothing() throws Exception {
    var people = new ArrayList<Person>();
    for (var i = 0; i < 12; i++) {
      people.add(house.person());
    }
    var thread = house.thread(people.toArray(Person[]::new));
    var dead = stuck(people.get(0));
    var slow = stuck(people.get(1));
    var reading = Thread.ofVirtual().start(() -> readSlowly(slow));
    var healthy = new ArrayList<TrouterClient>();
    for (var person : people.subList(2, 12)) {
      healthy.add(TrouterClient.connected(house, person));
    }
    var text = "x".repeat(20_000);
    var heard =
        healthy.stream()
            .map(client ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        for (var i = 0; i < 100; i++) {
                          var event = client.event();
                          assertEquals(
                              "%03d".formatted(i), event.text("messageBody").substring(0, 3));
                        }
                        client.socket.send("0::");
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    }))
            .toList();
    for (var i = 0; i < 100; i++) {
      house.send(people.get(5), thread, "%03d".formatted(i) + text);
    }
    for (var thread1 : heard) {
      assertTrue(thread1.join(Duration.ofSeconds(20)));
    }
    for (var client : healthy) {
      assertTrue(client.socket.next().isEmpty(), "each heard all, in order, and left");
      client.close();
    }
    Waiting.until(() -> !endpoints(people.get(0)).at("/value/0/connected").asBoolean());
    Waiting.until(() -> !endpoints(people.get(1)).at("/value/0/connected").asBoolean());
    dead.close();
    slow.close();
    reading.join();
  }

  /** A client that has connected and then takes nothing from its small buffer. */
  private static RawSocket stuck(Person person) throws IOException {
    var client = new TrouterClient(house, person);
    client.allocate();
    client.handshake();
    return RawSocket.open(
        house.port(), "/socket.io/1/websocket/" + client.sid + client.query(), 2_048);
  }

  /** A byte a second. */
  private static void readSlowly(RawSocket socket) {
    try {
      while (socket.socket.getInputStream().read() >= 0) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (IOException | InterruptedException _) {
      // Cut, as it should be.
    }
  }

  @Test
  void noiseOnSocketsAndInBodiesHarmsOnlyItsSender() throws Exception {
    var seed = System.nanoTime();
    System.out.println("FaultTest seed " + seed);
    var random = new Random(seed);
    var ann = house.person();
    for (var i = 0; i < 60; i++) {
      try (var client = TrouterClient.connected(house, ann)) {
        for (var j = 0; j < 5; j++) {
          var noise = new byte[random.nextInt(300)];
          random.nextBytes(noise);
          if (random.nextBoolean()) {
            client.socket.send(random.nextInt(256), noise);
          } else {
            client.socket.write(noise);
          }
        }
      } catch (IOException _) {
        // The server has closed it.
      }
    }
    var alphabet = "0123456789:+&=%#?/\\ \uFFFD{}\"éabcdef";
    for (var i = 0; i < 200; i++) {
      var noise = new StringBuilder();
      for (var j = random.nextInt(60); j > 0; j--) {
        noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var target =
          List.of(
                      "/v4/a?",
                      "/socket.io/1/?epid=x&",
                      "/socket.io/1/xhr-polling/",
                      "/registrar/prod/v3/registrations/")
                  .get(i % 4)
              + URLEncoder.encode(noise.toString(), StandardCharsets.UTF_8);
      var method = List.of("POST", "GET", "GET", "DELETE").get(i % 4);
      var status =
          house.exchange(method, target, "", List.of("X-Skypetoken", ann.token())).status();
      assertTrue(status < 500, target + " " + status);
      var registered =
          house.exchange(
              "POST",
              "/registrar/prod/v3/registrations",
              noise.toString(),
              List.of("X-Skypetoken", ann.token()));
      assertTrue(registered.status() < 500, noise + " " + registered.status());
    }
    var thread = house.thread(ann);
    try (var client = TrouterClient.connected(house, ann)) {
      var id = house.send(ann, thread, "still here");
      var event = client.event();
      while (!event.name().equals("chatMessageReceived")) {
        event = client.event();
      }
      assertEquals(id, event.text("messageId"));
    }
  }
}
