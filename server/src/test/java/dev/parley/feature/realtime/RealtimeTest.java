package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations of Trouter clients with a whole house, over real sockets. */
class RealtimeTest {
  private static final String VERSION = "api-version=2025-03-15";

  @TempDir private static Path folder;
  private static TestHouse house;

  @BeforeAll
  static void open() {
    house = TestHouse.start(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void close() {
    house.close();
  }

  // Finding the server.

  @Test
  void theConfigurationNamesTheServices() {
    var ann = house.person();
    for (var path : List.of("/chat/config", "//chat/config")) {
      var answer =
          house.call(
              "GET", path + "/realTimeNotifications?api-version=2024-09-01", ann.token(), "");
      assertEquals(200, answer.status());
      var endpoint = house.environment("ACS_ENDPOINT");
      assertEquals(endpoint.substring(0, endpoint.length() - 1), answer.text("/trouterServiceUrl"));
      assertEquals(endpoint + "registrar/prod", answer.text("/registrarServiceUrl"));
      assertEquals("Public", answer.text("/cloudType"));
    }
    var target = "/chat/config/realTimeNotifications?api-version=2024-09-01";
    assertEquals(401, house.call("GET", target, "", "").status());
    assertEquals(403, house.call("GET", target, house.person("voip").token(), "").status());
    assertEquals("Trouter", house.call("GET", "/", "", "").body());
  }

  @Test
  void anAllocationHoldsWhatTheClientNeeds() throws IOException {
    var client = new TrouterClient(house, house.person());
    client.allocate();
    var allocation = client.allocation;
    assertEquals(house.environment("ACS_ENDPOINT"), allocation.path("socketio").asText());
    var id = allocation.path("id").asText();
    var address = house.environment("ACS_ENDPOINT") + "v4/f/" + id + "/";
    assertEquals(address, allocation.path("surl").asText());
    assertEquals(address, allocation.path("url").asText());
    assertEquals("604800", allocation.path("ttl").asText());
    assertTrue(allocation.path("connectparams").path("se").asLong() > System.currentTimeMillis());
    for (var value : allocation.path("connectparams")) {
      assertTrue(value.asText().matches("[A-Za-z0-9_-]+"), value.asText());
    }
    assertFalse(allocation.path("connectparams").has("scae"));
  }

  @Test
  void onlyChatTokensAreAllocated() {
    assertEquals(401, allocate(List.of()));
    assertEquals(401, allocate(List.of("X-Skypetoken", "nonsense")));
    assertEquals(403, allocate(List.of("X-Skypetoken", house.person("voip").token())));
    assertEquals(200, allocate(List.of("X-Skypetoken", house.person("chat.join").token())));
    var token = List.of("X-Skypetoken", house.person().token());
    assertEquals(400, house.exchange("POST", "/v4/a?cor_id=1", "", token).status());
    assertEquals(400, house.exchange("POST", "/v4/a?epid=" + "x".repeat(200), "", token).status());
  }

  private static int allocate(List<String> headers) {
    return house.exchange("POST", "/v4/a?epid=e1", "", headers).status();
  }

  // Steps in the wrong order, and what belongs to somebody else.

  @Test
  void aHandshakeNeedsWhatItsAllocationGave() throws IOException {
    var client = new TrouterClient(house, house.person());
    assertEquals(403, house.exchange("GET", "/socket.io/1/?epid=e", "", client.token()).status());
    client.allocate();
    var right = client.query();
    assertEquals(401, house.exchange("GET", "/socket.io/1/" + right, "", List.of()).status());
    for (var wrong :
        List.of(
            right.replaceFirst("sr=.", "sr=x"),
            right.replaceFirst("se=1", "se=2"),
            right.replaceFirst("sig=[0-9a-f]{4}", "sig=0000"),
            right.replaceFirst("sig=[0-9a-f]+", "sig="),
            right.replaceFirst("se=\\d+", "se=never"),
            right.replace("epid=" + client.epid, "epid=other"))) {
      assertEquals(
          403, house.exchange("GET", "/socket.io/1/" + wrong, "", client.token()).status(), wrong);
    }
    var stranger = List.of("X-Skypetoken", house.person().token());
    assertEquals(403, house.exchange("GET", "/socket.io/1/" + right, "", stranger).status());
    var answer = house.exchange("GET", "/socket.io/1/" + right, "", client.token());
    assertTrue(answer.body().matches("[0-9a-f]{32}:70:70:websocket,xhr-polling"), answer.body());
  }

  @Test
  void aSessionIsGoodOnceAndForItsEndpointOnly() throws Exception {
    var client = new TrouterClient(house, house.person());
    client.allocate();
    assertEquals(404, upgrade("0123456789abcdef", client.query()));
    client.handshake();
    assertEquals(403, upgrade(client.sid, client.query().replace(client.epid, "other")));
    assertEquals(403, upgrade(client.sid, client.query().replaceFirst("sig=....", "sig=0000")));
    var other = new TrouterClient(house, house.person());
    other.allocate();
    assertEquals(403, upgrade(client.sid, other.query()));
    client.open();
    assertEquals(404, upgrade(client.sid, client.query()));
    client.close();
  }

  private static int upgrade(String sid, String query) throws Exception {
    try (var socket = RawSocket.open(house.port(), "/socket.io/1/websocket/" + sid + query)) {
      return socket.status();
    }
  }

  // What clients say.

  @Test
  void everythingThatWantsItIsAcknowledged() throws Exception {
    try (var client = TrouterClient.connected(house, house.person())) {
      client.socket.send(
          "5:1+::{\"name\":\"user.activity\",\"args\":[{\"state\":\"active\",\"cv\":\"x+/.2\"}]}");
      assertEquals("6:::1+[\"user.activity\"]", client.next());
      client.socket.send("5:2+::{\"name\":\"ping\"}");
      assertEquals("6:::2+[\"pong\"]", client.next());
      client.socket.send("2::");
      client.socket.send("6:::9+[\"for nothing\"]");
      client.socket.send(TrouterClient.response(4711, 200));
      client.socket.send("5:::{\"name\":\"ping\"}");
      client.socket.send(
          "5:3+::{\"name\":\"trouter.processed_message_loss\",\"args\":[{\"droppedIndicators\":[]}]}");
      assertEquals("6:::3+[\"trouter.processed_message_loss\"]", client.next());
      client.socket.send("5:4+::{\"name\":\"audience.\\\"subscribe\"}");
      assertEquals("6:::4+[\"unknown\"]", client.next());
    }
  }

  @Test
  void whatIsNoPacketEndsTheConnection() throws Exception {
    for (var wrong :
        List.of("", "9::", "5", "5:x::{}", "3:::no json", "3:::{}", "5:::[]", "5:::{\"name\":1}")) {
      try (var client = TrouterClient.connected(house, house.person())) {
        client.socket.send(wrong);
        assertTrue(client.socket.next().isEmpty(), wrong);
      }
    }
    try (var client = TrouterClient.connected(house, house.person())) {
      client.socket.send(0x82, new byte[] {1, 2, 3});
      assertTrue(client.socket.next().isEmpty());
    }
    try (var client = TrouterClient.connected(house, house.person())) {
      client.socket.send("5:::" + "x".repeat(40_000));
      assertTrue(client.socket.next().isEmpty());
      assertEquals(1009, client.socket.closeStatus());
    }
  }

  // Events.

  @Test
  void aMessageReachesEverybodyInTheThread() throws Exception {
    var ann = house.person();
    var bob = house.person();
    var thread = house.thread(ann, bob);
    try (var annsTab = TrouterClient.connected(house, ann);
        var bobsTab = TrouterClient.connected(house, bob)) {
      var text = "hello wörld 😀 \"%22\" \\ \n \u0001";
      var id = house.send(ann, thread, text);
      for (var tab : new TrouterClient[] {annsTab, bobsTab}) {
        var event = tab.event();
        assertEquals("chatMessageReceived", event.name());
        assertEquals(200, event.body().path("eventId").asInt());
        assertEquals(text, event.text("messageBody"));
        assertEquals(ann.id(), event.text("senderId"));
        assertEquals(tab.person.id(), event.text("recipientMri"));
        assertEquals(tab.person.id().substring(2), event.text("recipientId"));
        assertEquals(id, event.text("messageId"));
        assertEquals(id, event.text("version"));
        assertEquals("Text", event.text("messageType"));
        assertEquals("Ann", event.text("senderDisplayName"));
        assertEquals("null", event.text("acsChatMessageMetadata"));
        assertEquals("[]", event.text("attachments"));
        assertTrue(event.text("originalArrivalTime").matches("....-..-..T..:..:..\\.\\d{3}Z"));
        assertTrue(
            thread.endsWith(URLEncoder.encode(event.text("groupId"), StandardCharsets.UTF_8)));
        for (var always :
            List.of("transactionId", "collapseId", "clientMessageId", "priority", "composetime")) {
          assertTrue(event.body().path(always).isTextual(), always);
        }
      }
    }
  }

  @Test
  void allTenEventsAreTold() throws Exception {
    var ann = house.person();
    var bob = house.person();
    var cat = house.person();
    try (var tab = TrouterClient.connected(house, ann)) {
      var thread = house.thread(ann, bob);
      var created = tab.anyEvent();
      assertEquals(257, created.body().path("eventId").asInt());
      assertEquals("chat", created.text("threadType"));
      assertEquals(ann.id(), inside(created, "createdBy").path("participantId").asText());
      assertEquals(2, inside(created, "members").size());
      assertEquals("P", inside(created, "members").path(0).path("displayName").asText());
      assertEquals("t", inside(created, "properties").path("topic").asText());

      var id = house.send(bob, thread, "one");
      assertEquals("chatMessageReceived", tab.event().name());
      var message = thread + "/messages/" + id + "?" + VERSION;
      assertEquals(
          204,
          house
              .call(
                  "PATCH", message, bob.token(), "{\"content\":\"two\",\"metadata\":{\"k\":\"v\"}}")
              .status());
      var edited = tab.event();
      assertEquals("chatMessageEdited", edited.name());
      assertEquals(247, edited.body().path("eventId").asInt());
      assertEquals("two", edited.text("messageBody"));
      assertEquals("{\"k\":\"v\"}", edited.text("acsChatMessageMetadata"));
      assertNotEquals(id, edited.text("version"));
      assertFalse(edited.text("edittime").isEmpty());

      var typing = thread + "/typing?" + VERSION;
      house.call("POST", typing, bob.token(), "{\"senderDisplayName\":\"Bob\"}");
      var typed = tab.event();
      assertEquals("typingIndicatorReceived", typed.name());
      assertEquals(245, typed.body().path("eventId").asInt());
      assertEquals("Bob", typed.text("senderDisplayName"));

      var receipts = thread + "/readReceipts?" + VERSION;
      house.call("POST", receipts, bob.token(), "{\"chatMessageId\":\"" + id + "\"}");
      var read = tab.event();
      assertEquals("readReceiptReceived", read.name());
      assertEquals(246, read.body().path("eventId").asInt());
      assertEquals(bob.id(), read.text("senderId"));
      assertEquals(bob.id(), inside(read, "messageBody").path("user").asText());
      var horizon = inside(read, "messageBody").path("consumptionhorizon").asText().split(";", -1);
      assertEquals(id, horizon[0]);
      assertTrue(Long.parseLong(horizon[1]) >= Long.parseLong(id));

      house.call("DELETE", message, bob.token(), "");
      var deleted = tab.event();
      assertEquals("chatMessageDeleted", deleted.name());
      assertEquals(248, deleted.body().path("eventId").asInt());
      assertFalse(deleted.text("deletetime").isEmpty());
      assertTrue(deleted.body().path("messageBody").isMissingNode());

      house.call("PATCH", thread + "?" + VERSION, bob.token(), "{\"topic\":\"new\"}");
      var updated = tab.event();
      assertEquals("chatThreadPropertiesUpdated", updated.name());
      assertEquals(258, updated.body().path("eventId").asInt());
      assertEquals("new", inside(updated, "properties").path("topic").asText());
      assertEquals(bob.id(), inside(updated, "editedBy").path("participantId").asText());

      house.call("POST", thread + "/participants/:add?" + VERSION, bob.token(), participants(cat));
      var added = tab.event();
      assertEquals("participantsAdded", added.name());
      assertEquals(260, added.body().path("eventId").asInt());
      var newcomer = inside(added, "participantsAdded").path(0);
      assertEquals(cat.id(), newcomer.path("participantId").asText());
      assertTrue(newcomer.path("shareHistoryTime").isNumber());
      assertEquals(bob.id(), inside(added, "addedBy").path("participantId").asText());

      house.call("POST", thread + "/participants/:remove?" + VERSION, bob.token(), identifier(cat));
      var removed = tab.event();
      assertEquals("participantsRemoved", removed.name());
      assertEquals(261, removed.body().path("eventId").asInt());
      assertEquals(
          "Cat", inside(removed, "participantsRemoved").path(0).path("displayName").asText());

      house.call("DELETE", thread + "?" + VERSION, bob.token(), "");
      var gone = tab.event();
      assertEquals("chatThreadDeleted", gone.name());
      assertEquals(259, gone.body().path("eventId").asInt());
      assertEquals("deletedByUser", gone.text("reason"));
      assertEquals(bob.id(), inside(gone, "deletedBy").path("participantId").asText());
    }
  }

  private static JsonNode inside(TrouterClient.Event event, String member) {
    return TrouterClient.json(event.text(member));
  }

  private static String identifier(Person person) {
    return "{\"rawId\":\"%s\",\"communicationUser\":{\"id\":\"%s\"}}"
        .formatted(person.id(), person.id());
  }

  private static String participants(Person person) {
    return "{\"participants\":[{\"communicationIdentifier\":%s,\"displayName\":\"Cat\"}]}"
        .formatted(identifier(person));
  }

  @Test
  void percentSignsSurviveWebClientsAndReachNativeOnesAsTheyAre() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    try (var web = TrouterClient.connected(house, ann);
        var phone = TrouterClient.connected(house, ann)) {
      phone.register("AcsAndroid");
      house.call(
          "PATCH", thread + "?" + VERSION, ann.token(), "{\"topic\":\"a%22b \\\"50%\\\" off\"}");
      assertEquals("{\"topic\":\"a%2522b \\\"50%25\\\" off\"}", web.event().text("properties"));
      assertEquals("{\"topic\":\"a%22b \\\"50%\\\" off\"}", phone.event().text("properties"));
    }
  }

  @Test
  void aBurstKeepsItsOrder() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    try (var tab = TrouterClient.connected(house, ann);
        var other = TrouterClient.connected(house, ann)) {
      var ids = new ArrayList<String>();
      for (var i = 0; i < 200; i++) {
        ids.add(house.send(ann, thread, "message " + i));
      }
      for (var client : List.of(tab, other)) {
        for (var id : ids) {
          assertEquals(id, client.event().text("messageId"));
        }
      }
    }
  }

  // Losing and finding connections.

  @Test
  void whoComesBackFindsWhatWasMissedAndNothingTwice() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var client = TrouterClient.connected(house, ann);
    var first = house.send(ann, thread, "acknowledged");
    assertEquals(first, client.event().text("messageId"));
    client.answering(false);
    var second = house.send(ann, thread, "not acknowledged");
    assertEquals(second, client.event().text("messageId"));
    client.cut();
    var third = house.send(ann, thread, "while away");
    client.answering(true).connect();
    assertEquals(second, client.event().text("messageId"));
    assertEquals(third, client.event().text("messageId"));
    var fourth = house.send(ann, thread, "back again");
    assertEquals(fourth, client.event().text("messageId"));
    client.close();
  }

  @Test
  void aNewerConnectionTakesOverWhileTheOlderStands() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    var epid = "switching";
    try (var before = new TrouterClient(house, ann, epid).connect().answering(false)) {
      var first = house.send(ann, thread, "on the older");
      var event = before.event();
      assertEquals(first, event.text("messageId"));
      try (var after = new TrouterClient(house, ann, epid).connect()) {
        var second = house.send(ann, thread, "waits for the first");
        before.acknowledge(event);
        assertEquals(second, after.event().text("messageId"), "the first is not repeated");
        before.socket.send("5:7+::{\"name\":\"ping\"}");
        assertEquals("6:::7+[\"pong\"]", before.next(), "the older still answers, and got nothing");
      }
    }
  }

  @Test
  void anEventThatFoundNoHandlerIsSentOnceMore() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    try (var client = TrouterClient.connected(house, ann).answering(false)) {
      house.send(ann, thread, "early");
      var event = client.event();
      client.socket.send(TrouterClient.response(event.id(), 504));
      var again = client.event();
      assertEquals(event.text("messageId"), again.text("messageId"));
      client.socket.send(TrouterClient.response(again.id(), 504));
      var next = house.send(ann, thread, "later");
      assertEquals(next, client.event().text("messageId"));
    }
  }

  @Test
  void whoSignsOffIsForgotten() throws Exception {
    var ann = house.person();
    var client = TrouterClient.connected(house, ann);
    assertEquals(1, endpoints(ann).path("count").asInt());
    var endpoint = endpoints(ann).path("value").path(0);
    assertEquals(client.epid, endpoint.path("endpointId").asText());
    assertEquals("AcsWeb", endpoint.path("application").asText());
    assertEquals("websocket", endpoint.path("transport").asText());
    assertEquals("acs-chat-web 2024.14.01.55", endpoint.path("client").asText());
    assertTrue(endpoint.path("connected").asBoolean());
    client.socket.send("0::");
    assertTrue(client.socket.next().isEmpty());
    var answer =
        house.exchange(
            "DELETE", "/registrar/prod/v3/registrations/" + client.epid, "", client.token());
    assertEquals(202, answer.status());
    assertEquals(0, endpoints(ann).path("count").asInt());
  }

  private static JsonNode endpoints(Person person) {
    var answer =
        house.signed(
            "GET",
            "/parley/realtime/endpoints?userId="
                + URLEncoder.encode(person.id(), StandardCharsets.UTF_8),
            "");
    assertEquals(200, answer.status(), answer.body());
    return TrouterClient.json(answer.body());
  }

  @Test
  void onlyTheAccessKeyShowsWhoIsConnected() {
    var token = house.person().token();
    assertEquals(401, house.call("GET", "/parley/realtime/endpoints", "", "").status());
    assertEquals(401, house.call("GET", "/parley/realtime/endpoints", token, "").status());
  }

  @Test
  void aRevocationEndsTheConnectionAndTheTokenOpensNoOther() throws Exception {
    var ann = house.person();
    try (var client = TrouterClient.connected(house, ann)) {
      var target =
          "/identities/"
              + URLEncoder.encode(ann.id(), StandardCharsets.UTF_8)
              + "/:revokeAccessTokens?api-version=2023-10-01";
      assertEquals(204, house.signed("POST", target, "").status());
      assertEquals("0:::{\"reason\":\"unauthorized\"}", client.next());
      assertTrue(client.socket.next().isEmpty());
      assertEquals(401, allocate(client.token()));
    }
  }

  @Test
  void aDeletedUserLosesTheConnection() throws Exception {
    var ann = house.person();
    try (var client = TrouterClient.connected(house, ann)) {
      var id = URLEncoder.encode(ann.id(), StandardCharsets.UTF_8);
      assertEquals(
          204,
          house.signed("DELETE", "/identities/" + id + "?api-version=2023-10-01", "").status());
      assertEquals("0:::{\"reason\":\"unauthorized\"}", client.next());
      assertTrue(client.socket.next().isEmpty());
      assertEquals(0, endpoints(ann).path("count").asInt());
    }
  }

  @Test
  void aUserHasSoManyEndpointsAndNotMore() throws Exception {
    var ann = house.person();
    var clients = new ArrayList<TrouterClient>();
    for (var i = 0; i < RealtimeConfig.DEFAULT.endpointsMax(); i++) {
      var client = new TrouterClient(house, ann, "tab" + i);
      client.allocate();
      client.handshake();
      client.open();
      clients.add(client);
    }
    var more = new TrouterClient(house, ann, "more");
    more.allocate();
    var refused = house.exchange("GET", "/socket.io/1/" + more.query(), "", more.token());
    assertEquals(429, refused.status());
    clients.getFirst().cut();
    Waiting.until(() -> {
      more.allocate();
      return house.exchange("GET", "/socket.io/1/" + more.query(), "", more.token()).status()
          == 200;
    });
    for (var client : clients) {
      client.close();
    }
  }

  // Other ways in.

  @Test
  void aDirectConnectionSaysWhoItIsFirst() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    for (var path : List.of("/v4/c", "/v3/c")) {
      try (var socket = RawSocket.open(house.port(), path + "?epid=direct" + path.charAt(2))) {
        assertEquals(101, socket.status());
        assertEquals("1::", socket.next().orElseThrow());
        socket.send(authenticate(ann.token()));
        var connected = TrouterClient.json(socket.next().orElseThrow().substring(4));
        assertEquals("trouter.connected", connected.path("name").asText());
        var args = connected.path("args").path(0);
        for (var member :
            List.of("ttl", "dur", "id", "ccid", "surl", "url", "socketio", "reconnectUrl")) {
          assertFalse(args.path(member).asText().isEmpty(), member);
        }
        assertTrue(args.path("connectparams").has("se"));
        house.send(ann, thread, "directly");
        var event = TrouterClient.event(socket.next().orElseThrow()).orElseThrow();
        assertEquals("directly", event.text("messageBody"));
        socket.send(TrouterClient.response(event.id(), 200));
        socket.send("5:1+::{\"name\":\"ping\"}");
        assertEquals("6:::1+[\"pong\"]", socket.next().orElseThrow());
      }
    }
  }

  @Test
  void aDirectConnectionWithoutAGoodTokenEnds() throws Exception {
    for (var first : List.of(authenticate("nonsense"), "5:::{\"name\":\"ping\"}", "x")) {
      try (var socket = RawSocket.open(house.port(), "/v4/c?epid=stranger")) {
        assertEquals("1::", socket.next().orElseThrow());
        socket.send(first);
        if (first.contains("nonsense")) {
          assertEquals("0:::{\"reason\":\"unauthorized\"}", socket.next().orElseThrow());
        }
        assertTrue(socket.next().isEmpty());
        assertEquals(1008, socket.closeStatus());
      }
    }
  }

  private static String authenticate(String token) {
    return "5:::"
        + Json.text(
            Map.of(
                "name",
                "user.authenticate",
                "args",
                List.of(Map.of("headers", Map.of("X-Skypetoken", token)))));
  }
}
