package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose network lets no WebSocket through. */
class PollingTest {
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

  private static TrouterClient client() {
    var client = new TrouterClient(house, house.person());
    client.allocate();
    client.handshake();
    return client;
  }

  private static Answer poll(TrouterClient client) {
    return house.exchange(
        "GET", "/socket.io/1/xhr-polling/" + client.sid + client.query(), "", client.token());
  }

  private static Answer post(TrouterClient client, String body) {
    return house.exchange(
        "POST", "/socket.io/1/xhr-polling/" + client.sid + client.query(), body, client.token());
  }

  @Test
  void eventsComeWithPollsAndAreAcknowledgedByPosts() {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = new TrouterClient(house, ann);
    client.allocate();
    client.handshake();
    assertEquals("1::", poll(client).body());
    var connected = poll(client).body();
    assertTrue(connected.startsWith("5:::{\"name\":\"trouter.connected\""), connected);
    assertEquals("8::", poll(client).body());
    house.send(client.person, thread, "one");
    var first = TrouterClient.event(poll(client).body()).orElseThrow();
    assertEquals("one", first.text("messageBody"));
    assertEquals("1", post(client, TrouterClient.response(first.id(), 200)).body());
    house.send(client.person, thread, "zwei 😀");
    house.send(client.person, thread, "three");
    var packets = PacketBatch.split(untilTwo(client)).orElseThrow();
    assertEquals(
        List.of("zwei 😀", "three"),
        packets.stream()
            .map(packet -> TrouterClient.event(packet).orElseThrow().text("messageBody"))
            .toList());
    var answers =
        packets.stream()
            .map(packet -> TrouterClient.event(packet).orElseThrow())
            .map(event -> TrouterClient.response(event.id(), 200))
            .toList();
    assertEquals(200, post(client, PacketBatch.join(answers)).status());
  }

  /** Both events in one body, however they were cut into polls. */
  private static String untilTwo(TrouterClient client) {
    var all = new ArrayList<String>();
    while (all.size() < 2) {
      all.addAll(PacketBatch.split(poll(client).body()).orElseThrow());
      all.removeIf("8::"::equals);
    }
    return PacketBatch.join(all);
  }

  @Test
  void aPollIsAnsweredAsSoonAsThereIsSomething() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = new TrouterClient(house, ann);
    client.allocate();
    client.handshake();
    poll(client);
    poll(client);
    var waiting = new LinkedBlockingQueue<String>();
    Thread.ofVirtual()
        .start(() -> {
          var body = poll(client).body();
          while (body.equals("8::")) {
            body = poll(client).body();
          }
          waiting.add(body);
        });
    house.send(client.person, thread, "now");
    var body = waiting.poll(10, TimeUnit.SECONDS);
    assertEquals("now", TrouterClient.event(body).orElseThrow().text("messageBody"));
  }

  @Test
  void aSessionIsItsOwnersAlone() {
    var client = client();
    poll(client);
    var stranger = List.of("X-Skypetoken", house.person().token());
    var target = "/socket.io/1/xhr-polling/" + client.sid + client.query();
    assertEquals(403, house.exchange("GET", target, "", stranger).status());
    assertEquals(403, house.exchange("POST", target, "2::", stranger).status());
    assertEquals(401, house.exchange("GET", target, "", List.of()).status());
    assertEquals(
        404,
        house
            .exchange("GET", "/socket.io/1/xhr-polling/0123" + client.query(), "", client.token())
            .status());
    var fresh = client();
    var other = "/socket.io/1/xhr-polling/" + fresh.sid + fresh.query();
    assertEquals(403, house.exchange("GET", other, "", stranger).status());
    assertEquals("1::", poll(fresh).body(), "the attempt took nothing");
  }

  @Test
  void whatIsNoPacketEndsTheSession() {
    var client = client();
    poll(client);
    assertEquals(400, post(client, "\uFFFD5\uFFFD1").status());
    assertEquals(400, post(client, "nonsense").status());
    assertEquals(1, poll(client).body().indexOf(":::{\"name\":\"trouter.connected\""));
    poll(client);
    assertEquals(404, poll(client).status());
  }

  @Test
  void whoLeavesIsGone() {
    var client = client();
    poll(client);
    var target = "/socket.io/1/xhr-polling/" + client.sid + client.query() + "&disconnect=1";
    assertEquals(200, house.exchange("GET", target, "", client.token()).status());
    assertEquals(404, poll(client).status());
  }

  @Test
  void aRevocationIsToldInAPoll() {
    var client = client();
    poll(client);
    poll(client);
    var id = URLEncoder.encode(client.person.id(), StandardCharsets.UTF_8);
    house.signed("POST", "/identities/" + id + "/:revokeAccessTokens?api-version=2023-10-01", "");
    assertEquals(401, poll(client).status(), "the token opens nothing any more");
  }
}
