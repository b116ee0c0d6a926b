package dev.parley.feature.calling;

import static dev.parley.feature.calling.CallClient.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.event.CallDetail;
import dev.parley.base.kit.Json;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is negotiated in calls, and who may; Chromium shows that it flows. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallingMediaTest {
  /** An offer as a browser makes it, of one section per kind. */
  private static String offer(String fragment, String... kinds) {
    var sections = new StringBuilder();
    var mids = new ArrayList<String>();
    for (var kind : kinds) {
      var audio = kind.equals("audio");
      var type = audio ? 111 : 96;
      var mid = Integer.toString(mids.size());
      mids.add(mid);
      sections.append(
          """
          m=%s 9 UDP/TLS/RTP/SAVPF %d
          c=IN IP4 0.0.0.0
          a=mid:%s
          a=sendonly
          a=rtcp-mux
          a=ice-ufrag:%s
          a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa
          a=fingerprint:sha-256 %s
          a=setup:actpass
          a=rtpmap:%d %s
          """
              .formatted(
                  kind,
                  type,
                  mid,
                  fragment,
                  "AB:".repeat(31) + "AB",
                  type,
                  audio ? "opus/48000/2" : "VP8/90000"));
    }
    var session =
        """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE %s
        """
            .formatted(String.join(" ", mids));
    return (session + sections).replace("\n", "\r\n");
  }

  private static JsonNode publish(CallClient client, String callId, String sdp, String... types) {
    var tracks = new ArrayList<String>();
    for (var type : types) {
      tracks.add("{'mid':'%d','type':'%s'}".formatted(tracks.size(), type));
    }
    return client.ask(
        "media.publish",
        callId,
        "'sdp':" + Json.text(sdp).replace('"', '\''),
        "'tracks':[" + String.join(",", tracks) + "]");
  }

  @TempDir Path folder;
  private CallingHouse house;

  @BeforeEach
  void open() {
    house =
        new CallingHouse(
            Map.of(),
            migrations -> new SqliteStore(folder.resolve("one"), migrations, StoreOptions.TWICE));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static JsonNode join(CallClient client, String groupId) {
    return client.ask("{'do':'call.join','groupId':'" + groupId + "'}");
  }

  @Test
  void whatOneSendsIsShownAndOfferedToTheOther() {
    var ann = house.client();
    var bob = house.client();
    var group = UUID.randomUUID().toString();
    var callId = join(ann, group).path("callId").asText();
    join(bob, group);
    var a = bob.done("snapshot", callId).at("/participants/0/id").asText();
    bob.done("media.subscribe", callId, "'streams':[]");
    assertEquals(
        0, bob.next("media.offer").path("tracks").size(), "A connection before it is used.");
    refused(410, 3111, bob.ask("media.answer", callId, "'offer':1", "'sdp':'v=0'"));
    var answer = publish(ann, callId, offer("ann1", "audio", "video"), "Audio", "Video");
    assertTrue(answer.path("sdp").asText().contains("a=candidate:"), answer::toString);
    assertEquals(0, answer.at("/streams/0/id").asInt());
    var id = answer.at("/streams/1/id").asInt();
    assertTrue(id > 0, answer::toString);
    var first = bob.next("media.offer");
    assertEquals(1, first.path("tracks").size(), "Sound comes without asking.");
    assertEquals(a, first.at("/tracks/0/participant").asText());
    refused(410, 3111, bob.ask("media.answer", callId, "'offer':2", "'sdp':'v=0'"));
    var streams = "'streams':[{'participant':'%s','stream':%d,'height':180}]".formatted(a, id);
    bob.done("media.subscribe", callId, streams);
    var second = bob.next("media.offer");
    assertEquals("Video", second.at("/tracks/1/type").asText());
    assertEquals(id, second.at("/tracks/1/stream").asInt());
    bob.done("media.subscribe", callId, streams.replace("180", "360"));
    bob.done("media.restart", callId, "'connection':'subscribe'");
    var third = bob.next("media.offer");
    assertEquals(second.path("offer").asInt() + 1, third.path("offer").asInt(), "Sizes offer not.");
    assertFalse(
        third.path("sdp").asText().contains(fragment(second)), "A restart has other names.");
    // The same again keeps the stream; without the picture it is gone from the list.
    var again = publish(ann, callId, offer("ann1", "audio", "video"), "Audio", "Video");
    assertEquals(id, again.at("/streams/1/id").asInt());
    publish(ann, callId, offer("ann1", "audio", "video"), "Audio");
    assertEquals(0, bob.done("snapshot", callId).at("/participants/0/streams").size());
    ann.done("call.leave", callId);
    bob.removed(a);
  }

  private static String fragment(JsonNode offer) {
    var sdp = offer.path("sdp").asText();
    var at = sdp.indexOf("a=ice-ufrag:");
    return sdp.substring(at, sdp.indexOf('\r', at));
  }

  @Test
  void brokenDescriptionsChangeNothing() {
    var ann = house.client();
    var callId = join(ann, UUID.randomUUID().toString()).path("callId").asText();
    var good = offer("ann1", "audio");
    assertTrue(publish(ann, callId, good, "Audio").has("sdp"));
    for (var bad :
        List.of(
            "v=0",
            "nonsense",
            good.replace("a=rtcp-mux\r\n", ""),
            good.replaceAll("a=fingerprint:[^\r]*\r\n", ""),
            good.replace("opus", "none"),
            good.replace("a=ice-pwd:", "a=ice-pwd:?"),
            good.substring(0, good.length() / 2))) {
      refused(410, 3111, publish(ann, callId, bad, "Audio"));
    }
    refused(400, 0, publish(ann, callId, good, "Smell"));
    refused(400, 0, ann.ask("media.publish", callId, "'sdp':'v=0'"));
    refused(400, 0, ann.ask("media.subscribe", callId, "'streams':7"));
    refused(409, 0, ann.ask("media.answer", callId, "'offer':1", "'sdp':'v=0'"));
    refused(400, 0, ann.ask("media.restart", callId, "'connection':'all'"));
    assertEquals("Connected", ann.done("snapshot", callId).path("state").asText());
    assertTrue(publish(ann, callId, good, "Audio").has("sdp"));
  }

  @Test
  void rolesDecideWhatMayBeSent() {
    var ann = house.client();
    var con = house.client();
    var room = house.room(Map.of(ann.user, "Attendee", con.user, "Consumer"));
    var where = "{'do':'call.join','roomId':'" + room + "'}";
    var callId = ann.ask(where).path("callId").asText();
    con.ask(where);
    refused(403, 0, publish(con, callId, offer("con1", "audio"), "Audio"));
    refused(403, 0, publish(ann, callId, offer("ann1", "video"), "ScreenSharing"));
    assertTrue(publish(ann, callId, offer("ann1", "video"), "Video").has("sdp"));
    assertEquals(1, streamsOf(con, callId, ann));
    house.key(
        "PATCH",
        "/rooms/" + room + "/participants",
        Map.of("participants", Map.of(ann.user, Map.of("role", "Consumer"))));
    assertEquals("Consumer", ann.next("call.changed").path("role").asText());
    assertEquals(0, streamsOf(con, callId, ann), "Who may not send any more is not shown.");
  }

  private static int streamsOf(CallClient viewer, String callId, CallClient of) {
    for (var one : viewer.done("snapshot", callId).path("participants")) {
      if (one.path("user").asText().equals(of.user)) {
        return one.path("streams").size();
      }
    }
    return -1;
  }

  @Test
  void aCallOfTwoMovesToAnotherClientOfTheSameUser() {
    var ann = house.client();
    var bob = house.client();
    var callId =
        ann.ask("{'do':'call.start','participants':['" + bob.user + "']}").path("callId").asText();
    bob.next("incoming");
    bob.done("call.accept", callId);
    var tab = house.another(ann).connect();
    var moved = tab.ask("{'do':'call.join','callId':'" + callId + "'}");
    assertEquals("Connected", moved.path("state").asText(), moved::toString);
    assertEquals(2, moved.path("participants").size(), moved::toString);
    assertEquals("0/0", ann.ended());
    bob.done("call.leave", callId);
    assertEquals("0/0", tab.ended());
    refused(404, 0, ann.ask("{'do':'call.join','callId':'" + callId + "'}"));
  }

  @Test
  void whoComesBackAloneAfterARestartDoesNotWaitForever() {
    var ann = house.client();
    var bob = house.client();
    var callId =
        ann.ask("{'do':'call.start','participants':['" + bob.user + "']}").path("callId").asText();
    bob.next("incoming");
    bob.done("call.accept", callId);
    house.restart();
    var back = house.another(ann).connect();
    var rejoined = back.ask("{'do':'call.join','callId':'" + callId + "'}");
    assertEquals(1, rejoined.path("participants").size(), rejoined::toString);
    for (var i = 0; i < 14; i++) {
      house.move(Duration.ofSeconds(9));
      var _ = back.ask("snapshot", callId);
    }
    assertEquals("0/4521", back.ended());
  }

  @Test
  void aClosedLidIsNoticedWithinHalfAMinute() {
    var ann = house.client();
    var bob = house.client().silent();
    var group = UUID.randomUUID().toString();
    var callId = join(ann, group).path("callId").asText();
    var b = join(bob, group).path("me").asText();
    house.move(Duration.ofSeconds(10));
    ann.done("snapshot", callId);
    house.move(Duration.ofSeconds(10));
    ann.changed(b, "state", "Connecting");
    house.move(Duration.ofSeconds(9));
    assertEquals("0/4521", ann.removed(b));
  }

  @Test
  void threeHundredAndFiftyAreTheMost() {
    var group = UUID.randomUUID().toString();
    var clients = new ArrayList<CallClient>();
    var callId = "";
    for (var i = 0; i < CallingConfig.PARTICIPANTS_MAX; i++) {
      var client = i % 90 == 0 ? house.client() : house.another(clients.get(i - i % 90)).connect();
      clients.add(client);
      var joined = join(client, group);
      callId = joined.path("callId").asText();
      assertTrue(joined.has("me"), joined::toString);
    }
    refused(403, 0, join(house.client(), group));
    var snapshot = clients.getLast().done("snapshot", callId);
    assertEquals(CallingConfig.PARTICIPANTS_MAX, snapshot.path("participants").size());
    clients.getFirst().done("call.leave", callId, "'forEveryone':true");
    assertEquals("0/4097", clients.getLast().ended());
  }

  @Test
  void serverCodeDecidesOverHttp() throws Exception {
    var ann = house.client();
    var bob = house.client();
    var cat = house.client();
    var start = "{'do':'call.start','participants':['" + bob.user + "']}";
    var callId = ann.ask(start).path("callId").asText();
    bob.next("incoming");
    house.key(
        "POST",
        "/parley/calling/calls/:redirect",
        Map.of("incomingCallContext", context(callId), "target", cat.user));
    cat.next("incoming");
    var answered =
        house.key(
            "POST",
            "/parley/calling/calls/:answer",
            Map.of("incomingCallContext", context(callId)));
    assertEquals(callId, answered.path("callId").asText());
    ann.state("Connected");
    house.key("POST", "/parley/calling/calls/" + callId + "/:hangUp", Map.of());
    assertEquals("0/7000", ann.ended());
    var second = ann.ask(start).path("callId").asText();
    bob.next("incoming");
    house.key(
        "POST",
        "/parley/calling/calls/:reject",
        Map.of("incomingCallContext", context(second), "reason", "busy"));
    assertEquals("486/0", ann.ended());
    assertEquals(404, house.status("/parley/calling/calls/none/:hangUp", Map.of()));
    assertEquals(400, house.status("/parley/calling/calls/:answer", Map.of()));
    assertEquals(
        400,
        house.status("/parley/calling/calls/:answer", Map.of("incomingCallContext", "made up")));
    var stale = Map.of("incomingCallContext", context(ann.ask(start).path("callId").asText()));
    assertEquals(400, house.status("/parley/calling/calls/:redirect", stale), "No target.");
  }

  private String context(String callId) throws InterruptedException {
    while (true) {
      if (house.event(callId) instanceof CallDetail.Incoming incoming) {
        return incoming.incomingCallContext();
      }
    }
  }
}
