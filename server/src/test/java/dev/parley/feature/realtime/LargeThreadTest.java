package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.RawSocket;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread of as many members as there may be. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeThreadTest {
  private static final int MEMBERS = 250;

  /** More cannot be named in one request. */
  private static final int AT_ONCE = 200;

  private static final int MESSAGES = 40;

  /** All messages together are more than may be underway to one client. */
  private static final int CHARACTERS = 10_000;

  @TempDir private Path folder;

  @Test
  void everybodyElseHearsEverythingWhileOneIsDeadAndOneHasReadNothing() throws Exception {
    // Nobody is cut for his slowness here: that he stays and costs nothing is the point.
    var patient =
        Map.of("realtime.receipt-time", "1h", "realtime.silence", "1h", "http.idle-time", "1h");
    try (var house = TestHouse.start(folder.resolve("data"), patient)) {
      var people = IntStream.range(0, MEMBERS).mapToObj(_ -> house.person()).toList();
      var thread = house.thread(people.subList(0, AT_ONCE).toArray(Person[]::new));
      add(house, people.get(0), thread, people.subList(AT_ONCE, MEMBERS));
      try (var dead = unheard(house, people.get(0));
          var slow = unheard(house, people.get(1))) {
        var others = new ArrayList<TrouterClient>();
        for (var person : people.subList(2, MEMBERS)) {
          others.add(TrouterClient.connected(house, person));
        }
        var hearing =
            others.stream()
                .map(client -> (Callable<List<String>>) () -> texts(client, MESSAGES))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var heard = hearing.stream().map(threads::submit).toList();
          for (var i = 0; i < MESSAGES; i++) {
            house.send(people.get(2), thread, text(i));
          }
          for (var each : heard) {
            assertEquals(sent(), each.get());
          }
        }
        assertTrue(waiting(house, people.get(0)) >= MESSAGES, "the dead one has all before it");
        assertTrue(waiting(house, people.get(1)) >= MESSAGES, "and so has the slow one");
        assertEquals(sent(), texts(slow, MESSAGES), "who loses nothing by it");
        Waiting.until(() -> waiting(house, people.get(1)) == 0);
        assertTrue(waiting(house, people.get(0)) >= MESSAGES, "the dead one still stands");
        for (var client : others) {
          client.close();
        }
        dead.cut();
      }
    }
  }

  private static void add(TestHouse house, Person adder, String thread, List<Person> people) {
    var participants =
        people.stream()
            .map(person ->
                Map.of("communicationIdentifier", Map.of("rawId", person.id()), "displayName", "P"))
            .toList();
    var target = thread + "/participants/:add?api-version=2025-03-15";
    var body = Json.text(Map.of("participants", participants));
    assertEquals(201, house.call("POST", target, adder.token(), body).status());
  }

  /** A client that has connected with a small buffer, and that nobody reads. */
  private static TrouterClient unheard(TestHouse house, Person person) throws IOException {
    var client = new TrouterClient(house, person);
    client.allocate();
    client.handshake();
    var target = "/socket.io/1/websocket/" + client.sid + client.query();
    client.socket = RawSocket.open(house.port(), target, 2_048);
    return client;
  }

  private static String text(int number) {
    return "%03d".formatted(number) + "x".repeat(CHARACTERS);
  }

  private static List<String> sent() {
    return IntStream.range(0, MESSAGES).mapToObj("%03d"::formatted).toList();
  }

  /** How the next messages begin. */
  private static List<String> texts(TrouterClient client, int count) throws IOException {
    var texts = new ArrayList<String>();
    while (texts.size() < count) {
      texts.add(client.event().text("messageBody").substring(0, 3));
    }
    return texts;
  }

  private static int waiting(TestHouse house, Person person) {
    var target =
        "/parley/realtime/endpoints?userId="
            + URLEncoder.encode(person.id(), StandardCharsets.UTF_8);
    var endpoints = TrouterClient.json(house.signed("GET", target, "").body());
    assertEquals(1, endpoints.path("count").asInt());
    assertTrue(endpoints.at("/value/0/connected").asBoolean());
    return endpoints.at("/value/0/waitingEvents").asInt();
  }
}
