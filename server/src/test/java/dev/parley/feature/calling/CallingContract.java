package dev.parley.feature.calling;

import static dev.parley.feature.calling.CallClient.codes;
import static dev.parley.feature.calling.CallClient.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.event.CallDetail;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What calls promise their clients, over real WebSockets and on every store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CallingContract {
  private CallingHouse house;

  /** The same database each time. */
  abstract Store open(List<Migration> migrations);

  @BeforeAll
  void open() {
    house = new CallingHouse(Map.of(), this::open);
  }

  @AfterAll
  void close() {
    house.close();
  }

  private static int code(IncomingCalls.Outcome<?> outcome) {
    var reason = outcome.reason();
    return reason == null ? 200 : reason.code();
  }

  private static String start(CallClient caller, String... users) {
    var answer = startOf(caller, users);
    assertTrue(answer.has("callId"), answer::toString);
    return answer.path("callId").asText();
  }

  private static JsonNode startOf(CallClient caller, String... users) {
    return caller.ask("{'do':'call.start','participants':['" + String.join("','", users) + "']}");
  }

  private static JsonNode join(CallClient client, String groupId) {
    return client.ask("{'do':'call.join','groupId':'" + groupId + "'}");
  }

  private static String me(JsonNode snapshot) {
    assertTrue(snapshot.has("me"), snapshot::toString);
    return snapshot.path("me").asText();
  }

  /** A 1:1 call that is connected. */
  private String connected(CallClient caller, CallClient callee) {
    var callId = start(caller, callee.user);
    assertEquals(callId, callee.next("incoming").path("callId").asText());
    assertEquals("Connected", callee.done("call.accept", callId).path("state").asText());
    caller.state("Connected");
    return callId;
  }

  // Ringing.

  @Test
  void aCallRingsAtEveryClientAndTheFirstToAcceptHasIt() throws Exception {
    var ann = house.client();
    var bob = house.client();
    var bobsTab = house.another(bob).connect();
    var answer =
        ann.ask(
            "{'do':'call.start','participants':['%s'],'customContext':{'voipHeaders':{'X-Topic':'tea'}}}"
                .formatted(bob.user));
    var callId = answer.path("callId").asText();
    assertEquals("oneToOne", answer.path("kind").asText());
    assertEquals("Outgoing", answer.path("direction").asText());
    assertEquals("Ringing", answer.path("state").asText());
    var incoming = bob.next("incoming");
    assertEquals(ann.user, incoming.at("/from/user").asText());
    assertEquals("tea", incoming.at("/customContext/voipHeaders/X-Topic").asText());
    assertEquals(callId, bobsTab.next("incoming").path("callId").asText());
    var accepted = bobsTab.done("call.accept", callId);
    assertEquals("Connected", accepted.path("state").asText());
    assertEquals("Incoming", accepted.path("direction").asText());
    assertEquals(2, accepted.path("participants").size());
    assertEquals("487/10003", bob.rungOut());
    refused(487, 10003, bob.ask("call.accept", callId));
    ann.state("Connected");
    assertEquals(bob.user, ann.added(bob.user).path("user").asText());
    ann.done("call.leave", callId);
    assertEquals("0/0", bobsTab.ended());
    refused(404, 0, ann.ask("snapshot", callId));

    var started = (CallDetail.Started) house.event(callId);
    assertEquals(ann.user, started.call().startedBy());
    assertTrue(started.call().twoParty());
    var first = (CallDetail.Participant) house.event(callId);
    assertEquals(ann.user, first.user());
    assertEquals("test/1", first.userAgent());
    var rang = (CallDetail.Incoming) house.event(callId);
    assertEquals(bob.user, rang.to());
    assertEquals(Map.of("X-Topic", "tea"), rang.voipHeaders());
    assertEquals(bob.user, ((CallDetail.Participant) house.event(callId)).user());
    assertFalse(((CallDetail.Participant) house.event(callId)).added());
    assertFalse(((CallDetail.Participant) house.event(callId)).added());
    var ended = (CallDetail.Ended) house.event(callId);
    assertEquals(ann.user, ended.endedBy());
  }

  @Test
  void onlyOneOfTwoSimultaneousAnswersWins() {
    var ann = house.client();
    var bob = house.client();
    var tab = house.another(bob).connect();
    var callId = start(ann, bob.user);
    bob.next("incoming");
    tab.next("incoming");
    bob.send("{\"id\":900,\"do\":\"call.accept\",\"callId\":\"" + callId + "\"}");
    var second = tab.ask("call.accept", callId);
    var first = bob.ask("snapshot", callId);
    assertNotEquals(first.has("me"), second.has("me"), () -> first + " and " + second);
  }

  @Test
  void whoDoesNotAnswerIsToldApart() {
    var ann = house.client();
    var bob = house.client();
    var declined = start(ann, bob.user);
    bob.next("incoming");
    bob.done("call.reject", declined);
    assertEquals("603/0", ann.ended());
    var busy = start(ann, bob.user);
    bob.next("incoming");
    bob.done("call.reject", busy, "'busy':true");
    assertEquals("486/0", ann.ended());
    refused(404, 0, bob.ask("call.accept", busy));
    var cancelled = start(ann, bob.user);
    bob.next("incoming");
    ann.done("call.leave", cancelled);
    assertEquals("487/0", ann.ended());
    assertEquals("487/0", bob.rungOut());
    var vain = start(ann, bob.user);
    bob.next("incoming");
    house.move(Duration.ofSeconds(61));
    assertEquals("487/10004", ann.ended());
    assertEquals("487/10004", bob.rungOut());
    assertEquals("487", house.record(vain).path("endReason").asText());
  }

  @Test
  void nobodyThereIsToldSoonButAClientThatConnectsRings() {
    var ann = house.client();
    var absent = house.fresh("voip");
    start(ann, absent.user);
    house.move(Duration.ofSeconds(11));
    assertEquals("480/10037", ann.ended());
    var callId = start(ann, absent.user);
    absent.connect();
    assertEquals(callId, absent.next("incoming").path("callId").asText());
    house.move(Duration.ofSeconds(11));
    absent.done("call.accept", callId);
    ann.state("Connected");
  }

  @Test
  void twoWhoCallEachOtherMeet() {
    var ann = house.client();
    var bob = house.client();
    var callId = start(ann, bob.user);
    bob.next("incoming");
    var met = startOf(bob, ann.user);
    assertEquals(callId, met.path("callId").asText());
    assertEquals("Connected", met.path("state").asText());
    assertEquals("487/10003", bob.rungOut());
    ann.state("Connected");
    assertNotEquals(callId, start(bob, ann.user), "A call that is connected is no glare.");
  }

  // Who may.

  @Test
  void tokensAllowWhatTheirScopeSays() {
    var ann = house.client();
    var joiner = house.client("voip.join");
    refused(403, 0, startOf(joiner, ann.user));
    var group = UUID.randomUUID().toString();
    refused(403, 0, join(joiner, group));
    me(join(ann, group));
    assertEquals("Connected", join(joiner, group).path("state").asText());
    var chatter = house.fresh("chat").open();
    chatter.hello();
    refused(403, 0, chatter.welcome);
    assertEquals(1008, chatter.closed());
    var stranger = new CallClient(0, "", ann.user, "nonsense");
    var socket = house.fresh("voip").open();
    var answer = socket.ask("{'do':'hello','version':1,'token':'" + stranger.token + "'}");
    refused(401, 10009, answer);
    assertEquals(1008, socket.closed());
    refused(501, 0, startOf(ann, "4:+14255550123"));
    refused(400, 0, startOf(ann, ann.user));
    refused(400, 0, startOf(ann, "nobody"));
  }

  @Test
  void aRevokedTokenEndsTheCallForItsUser() {
    var ann = house.client();
    var bob = house.client();
    connected(ann, bob);
    house.key("POST", "/identities/" + bob.user + "/:revokeAccessTokens", Map.of());
    assertEquals("401/10009", codes(bob.next("agent.ended").path("reason")));
    assertEquals(1008, bob.closed());
    assertEquals("0/0", ann.ended());
  }

  @Test
  void aRoomsListAndRolesHold() {
    var ann = house.client();
    var con = house.client("voip.join");
    var stranger = house.client();
    var room = house.room(Map.of(ann.user, "Presenter", con.user, "Consumer"));
    var where = "{'do':'call.join','roomId':'" + room + "'}";
    refused(403, 5828, stranger.ask(where));
    refused(404, 5732, stranger.ask(where.replace(room, "99123456789012345")));
    var joined = con.ask(where);
    var callId = joined.path("callId").asText();
    assertEquals("Consumer", joined.path("role").asText());
    assertEquals("RoleRestricted", joined.at("/capabilities/unmuteMic").asText());
    me(ann.ask(where));
    refused(403, 0, con.ask("mute", callId));
    refused(403, 0, con.ask("me", callId, "'muted':false"));
    refused(403, 0, con.ask("call.remove", callId, "'participant':'" + ann.user + "'"));
    refused(403, 0, con.ask("call.leave", callId, "'forEveryone':true"));
    refused(403, 0, ann.ask("call.add", callId, "'participant':'" + stranger.user + "'"));
    house.key(
        "PATCH",
        "/rooms/" + room + "/participants",
        Map.of("participants", Map.of(con.user, Map.of("role", "Presenter"))));
    var role = con.next("call.changed");
    assertEquals("Presenter", role.path("role").asText());
    con.done("me", callId, "'muted':false");
    house.key("DELETE", "/rooms/" + room, "");
    assertEquals("0/7000", con.ended());
    assertEquals("0/7000", ann.ended());
  }

  // In a group.

  @Test
  void aOneToOneCallBecomesAGroup() {
    var ann = house.client();
    var bob = house.client();
    var cat = house.client();
    var callId = connected(ann, bob);
    ann.done("call.add", callId, "'participant':'" + cat.user + "'");
    assertEquals("group", bob.next("call.changed").path("kind").asText());
    assertEquals("group", cat.next("incoming").path("kind").asText());
    refused(409, 0, bob.ask("call.add", callId, "'participant':'" + cat.user + "'"));
    me(cat.done("call.accept", callId));
    var seen = bob.added(cat.user);
    ann.done("call.leave", callId);
    assertEquals("0/0", ann.ended());
    bob.done("call.remove", callId, "'participant':'" + cat.user + "'");
    assertEquals("0/5000", cat.ended());
    assertEquals("0/5000", bob.removed(seen.path("id").asText()));
    assertEquals("Connected", bob.done("snapshot", callId).path("state").asText());
  }

  @Test
  void whatIsGoingOnReachesEverybody() {
    var group = UUID.randomUUID().toString();
    var ann = house.client();
    var bob = house.client();
    var a = me(join(ann, group));
    var joined = join(bob, group);
    var b = me(joined);
    var callId = joined.path("callId").asText();
    assertEquals(group, joined.path("groupId").asText());
    ann.added(bob.user);
    bob.done("me", callId, "'muted':false", "'displayName':'Robert'");
    ann.changed(b, "displayName", "Robert");
    ann.done("mute", callId);
    assertEquals(a, bob.next("muted").path("by").asText());
    ann.changed(b, "muted", "true");
    bob.done("hand.raise", callId);
    assertEquals(b, ann.next("hands").at("/participants/0").asText());
    ann.done("hand.lower", callId, "'participants':['" + bob.user + "']");
    assertEquals(0, ann.next("hands").path("participants").size());
    ann.done("spotlight.start", callId, "'participants':['" + b + "']");
    assertEquals(b, bob.next("spotlights").at("/participants/0").asText());
    bob.done("spotlight.stop", callId);
    assertEquals(1, ann.next("spotlights").path("participants").size());
    assertEquals(0, ann.next("spotlights").path("participants").size());
    bob.done("reaction", callId, "'type':'heart'");
    assertEquals("heart", ann.next("reaction").path("type").asText());
    refused(400, 0, bob.ask("reaction", callId, "'type':'scorn'"));
    bob.done("text", callId, "'text':'Hel','sequence':1");
    assertEquals("Hel", ann.next("text").path("text").asText());
    assertFalse(bob.next("text").path("final").asBoolean());
    bob.done("data", callId, "'channel':7,'data':'AQID'");
    bob.done("data", callId, "'channel':7,'data':'AQID','to':['" + a + "']");
    assertEquals(1, ann.next("data").path("sequence").asInt());
    assertEquals(2, ann.next("data").path("sequence").asInt());
    refused(400, 0, bob.ask("data", callId, "'channel':7,'data':'?'"));
    refused(410, 3111, bob.ask("media.publish", callId, "'sdp':'v=0'", "'tracks':[]"));
    refused(501, 0, bob.ask("captions.start", callId, "'language':'en'"));
    refused(400, 0, bob.ask("dance", callId));
    refused(404, 0, bob.ask("mute", callId, "'participants':['nobody']"));
    ann.done("call.leave", callId, "'forEveryone':true");
    assertEquals("0/4097", bob.ended());
    assertEquals("0/4097", ann.ended());
  }

  @Test
  void holdIsSeenByBoth() {
    var ann = house.client();
    var bob = house.client();
    var callId = connected(ann, bob);
    ann.done("hold", callId);
    ann.state("LocalHold");
    bob.state("RemoteHold");
    ann.done("resume", callId);
    bob.state("Connected");
  }

  @Test
  void aCallIsTransferredToAUser() {
    var ann = house.client();
    var bob = house.client();
    var cat = house.client();
    var callId = connected(ann, bob);
    ann.done("transfer", callId, "'participant':'" + cat.user + "'");
    assertEquals("Transferring", ann.next("transfer").path("state").asText());
    var next = bob.next("transfer.accepted").at("/call/callId").asText();
    assertEquals(ann.user, cat.next("incoming").at("/transferor/user").asText());
    cat.done("call.reject", next);
    assertEquals("603/0", codes(ann.next("transfer").path("reason")));
    assertEquals("Connected", ann.done("snapshot", callId).path("state").asText());
    ann.done("transfer", callId, "'participant':'" + cat.user + "'");
    next = cat.next("incoming").path("callId").asText();
    me(cat.done("call.accept", next));
    ann.next("transfer");
    assertEquals("Transferred", ann.next("transfer").path("state").asText());
    assertEquals("0/0", ann.ended());
    assertEquals("Connected", bob.done("snapshot", next).path("state").asText());
  }

  @Test
  void aCallIsTransferredToACall() {
    var ann = house.client();
    var bob = house.client();
    var cat = house.client();
    var first = connected(ann, bob);
    var second = connected(ann, cat);
    refused(404, 0, ann.ask("transfer", first, "'toCall':'" + first + "'"));
    ann.done("transfer", first, "'toCall':'" + second + "'");
    assertEquals(second, bob.next("transfer.accepted").at("/call/callId").asText());
    ann.ended();
    ann.ended();
    assertEquals(2, cat.done("snapshot", second).path("participants").size());
    refused(404, 0, ann.ask("snapshot", second));
  }

  // Lost and found.

  @Test
  void aLostClientComesBackWithoutAGap() {
    var ann = house.client();
    var bob = house.client();
    var callId = connected(ann, bob);
    var b = ann.added(bob.user).path("id").asText();
    bob.cut();
    ann.changed(b, "state", "Connecting");
    ann.done("reaction", callId, "'type':'like'");
    bob.again();
    assertTrue(bob.welcome.path("resumed").asBoolean(), bob.welcome::toString);
    assertFalse(bob.welcome.path("gap").asBoolean());
    assertEquals("like", bob.next("reaction").path("type").asText());
    ann.changed(b, "state", "Connected");
  }

  @Test
  void whoMissedTooMuchGetsASnapshot() {
    var ann = house.client();
    var bob = house.client();
    var callId = connected(ann, bob);
    bob.cut();
    // More than 512 KB.
    var data = "A".repeat(20_000);
    for (var i = 0; i < 30; i++) {
      ann.done("data", callId, "'channel':1,'data':'" + data + "'");
    }
    bob.again();
    assertTrue(bob.welcome.path("gap").asBoolean(), bob.welcome::toString);
    assertEquals(callId, bob.nextAfterGap().at("/call/callId").asText());
  }

  @Test
  void aDeadSocketIsNoticedAndItsUserGoneAfterTwoMinutes() {
    var ann = house.client();
    var bob = house.client().silent();
    var callId = connected(ann, bob);
    var b = ann.added(bob.user).path("id").asText();
    house.move(Duration.ofSeconds(10));
    ann.done("snapshot", callId);
    house.move(Duration.ofSeconds(10));
    ann.changed(b, "state", "Connecting");
    house.move(Duration.ofSeconds(9));
    ann.done("snapshot", callId);
    house.move(Duration.ofSeconds(11));
    assertEquals("0/4521", ann.removed(b));
    bob.again();
    assertTrue(bob.welcome.path("resumed").asBoolean());
    assertEquals(b, ann.added(bob.user).path("id").asText());
    bob.cut();
    ann.changed(b, "state", "Connecting");
    for (var i = 0; i < 13; i++) {
      house.move(Duration.ofSeconds(9));
      ann.done("me", callId, "'muted':" + (i % 2 == 0));
    }
    house.move(Duration.ofSeconds(9));
    assertEquals("0/0", ann.ended());
    bob.again();
    assertFalse(bob.welcome.path("resumed").asBoolean());
  }

  @Test
  void byeLeavesAtOnce() {
    var ann = house.client();
    var bob = house.client();
    connected(ann, bob);
    bob.ask("{'do':'bye'}");
    assertEquals("0/0", ann.ended());
    assertEquals(1000, bob.closed());
  }

  // Records.

  @Test
  void everyCallLeavesARecord() throws Exception {
    var ann = house.client();
    var bob = house.client();
    var callId = connected(ann, bob);
    bob.done(
        "stats",
        callId,
        "'streams':[{'id':'s','type':'Audio','direction':'inbound','rtt':20,'loss':0.5}]");
    bob.done(
        "stats",
        callId,
        "'streams':[{'id':'s','type':'Audio','direction':'inbound','rtt':40,'loss':7}]");
    house.move(Duration.ofSeconds(5));
    ann.done("snapshot", callId);
    bob.done("call.leave", callId);
    assertEquals("0/0", ann.ended());
    assertEquals(1, house.minutes(callId));
    var survey = ann.done("survey", callId, "'survey':{'overallRating':{'score':5}}");
    assertTrue(survey.has("participantId"));
    refused(404, 0, house.client().ask("survey", callId, "'survey':{}"));
    var record = house.record(callId);
    assertEquals("P2P", record.path("callType").asText());
    assertEquals(5, record.path("callDuration").asInt());
    assertEquals(2, record.path("participants").size());
    assertEquals(5, record.at("/surveys/0/overallRating/score").asInt());
    for (var person : record.path("participants")) {
      assertEquals("VoIP", person.path("endpointType").asText());
      if (person.path("identifier").asText().equals(bob.user)) {
        assertEquals(30, person.at("/streams/0/roundTripTimeAvg").asInt());
        assertEquals(40, person.at("/streams/0/roundTripTimeMax").asInt());
        assertEquals(0.5, person.at("/streams/0/packetLossRateMax").asDouble());
      }
    }
    assertTrue(house.key("GET", "/parley/calling/calls", "").path("value").size() >= 1);
    house.move(Duration.ofDays(31));
    house.runDue();
  }

  @Test
  void serverCodeAnswersRedirectsAndRejects() throws Exception {
    var ann = house.client();
    var bob = house.client();
    var cat = house.client();
    var resource = house.resource.id();
    var doors = house.calling.calls();
    var callId = start(ann, bob.user);
    bob.next("incoming");
    var context = incomingContext(callId);
    assertEquals(400, code(doors.claim(resource, context + "A")));
    assertNull(doors.redirect(resource, context, cat.user).reason());
    assertEquals("487/0", bob.rungOut());
    assertEquals(callId, cat.next("incoming").path("callId").asText());
    assertEquals(409, code(doors.claim(resource, context)));
    var moved = incomingContext(callId);
    var claimed = doors.claim(resource, moved);
    assertNull(claimed.reason());
    assertEquals("487/10003", cat.rungOut());
    ann.state("Connected");
    assertNull(doors.recording(resource, callId, IncomingCalls.Recording.ACTIVE).reason());
    assertEquals("active", recording(ann));
    assertNull(doors.hangUp(resource, callId).reason());
    assertEquals("0/7000", ann.ended());
    var refused = start(ann, bob.user);
    bob.next("incoming");
    assertNull(
        doors.reject(resource, incomingContext(refused), IncomingCalls.Rejection.BUSY).reason());
    assertEquals("486/0", ann.ended());
  }

  private static String recording(CallClient client) {
    while (true) {
      var change = client.next("call.changed");
      if (change.has("recording")) {
        return change.path("recording").asText();
      }
    }
  }

  private String incomingContext(String callId) throws InterruptedException {
    while (true) {
      if (house.event(callId) instanceof CallDetail.Incoming incoming) {
        return incoming.incomingCallContext();
      }
    }
  }

  // Bad input.

  @Test
  void whatIsNoMessageEndsTheConnection() throws IOException {
    for (var text : List.of("nonsense", "[]", "{\"do\":\"hello\"}", "{\"id\":1,\"do\":\"me\"}")) {
      var client = house.fresh("voip").open();
      client.send(text);
      assertEquals(1008, client.closed(), text);
    }
    for (var text : List.of("{", "7", "{}", "{\"do\":\"me\"}", "{\"id\":-1,\"do\":\"me\"}")) {
      var client = house.client();
      client.send(text);
      assertEquals(1008, client.closed(), text);
    }
    var binary = house.client();
    binary.socket.send(0x82, new byte[] {1});
    assertEquals(1008, binary.closed());
    var large = house.client();
    large.send("{\"id\":5,\"do\":\"" + "x".repeat(70_000) + "\"}");
    assertEquals(1009, large.closed());
  }

  @Test
  void aFloodIsRefusedAndThenCutAndDisturbsNobody() {
    var group = UUID.randomUUID().toString();
    var ann = house.client();
    var bob = house.client();
    var callId = join(ann, group).path("callId").asText();
    me(join(bob, group));
    var request = new StringBuilder();
    try {
      for (var i = 1000; i < 4000; i++) {
        request.setLength(0);
        request.append("{\"id\":").append(i).append(",\"do\":\"snapshot\",\"callId\":\"x\"}");
        bob.send(request.toString());
      }
    } catch (java.io.UncheckedIOException _) {
      // Cut already.
    }
    // A reset may take the reason away from a client that still sends.
    assertTrue(Set.of(0, 1008).contains(bob.closed()));
    assertEquals("Connected", ann.done("snapshot", callId).path("state").asText());
  }

  @Test
  void callsGoOnAfterTheServerWasRestarted() {
    try (var own = new CallingHouse(Map.of(), this::elsewhere)) {
      var ann = own.client();
      var bob = own.client();
      var callId = start(ann, bob.user);
      bob.next("incoming");
      me(bob.done("call.accept", callId));
      own.restart();
      var back = own.another(ann).connect();
      var rejoined = back.ask("{'do':'call.join','callId':'" + callId + "'}");
      assertEquals(callId, rejoined.path("callId").asText(), rejoined::toString);
      var bobBack = own.another(bob).connect();
      var both = bobBack.ask("{'do':'call.join','callId':'" + callId + "'}");
      assertEquals(2, both.path("participants").size(), both::toString);
      refused(404, 0, own.client().ask("{'do':'call.join','callId':'" + callId + "'}"));
      own.restart();
      own.move(Duration.ofSeconds(200));
      own.runDue();
      var record = own.record(callId);
      assertEquals("ended", record.path("state").asText());
      assertEquals(500, record.path("endReason").asInt());
    }
  }

  /** Another database than that of {@link #open}, the same each time. */
  abstract Store elsewhere(List<Migration> migrations);

  @Test
  void strangersWaitInTheLobbyWhereItIsOn() {
    try (var own = new CallingHouse(Map.of("calling.lobby", "true"), this::lobby)) {
      var group = UUID.randomUUID().toString();
      var ann = own.client();
      var bob = own.client();
      var cat = own.client();
      var callId = join(ann, group).path("callId").asText();
      var waits = join(bob, group);
      assertEquals("InLobby", waits.path("state").asText());
      assertEquals(1, waits.path("participants").size());
      refused(409, 0, bob.ask("reaction", callId, "'type':'like'"));
      assertEquals("InLobby", ann.added(bob.user).path("state").asText());
      assertEquals(1, ann.done("lobby.admit", callId).path("count").asInt());
      assertEquals("Connected", bob.next("call").at("/call/state").asText());
      me(join(cat, group));
      var third = ann.added(cat.user);
      if (third.path("state").asText().equals("InLobby")) {
        ann.done("lobby.reject", callId, "'participants':['" + third.path("id").asText() + "']");
      }
      assertEquals("403/5854", cat.ended());
    }
  }

  /** A third one. */
  abstract Store lobby(List<Migration> migrations);
}
