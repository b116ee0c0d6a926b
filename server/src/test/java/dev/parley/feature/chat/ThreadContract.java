package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static dev.parley.feature.chat.Person.participant;
import static dev.parley.feature.chat.Person.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.store.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Threads: made, listed, changed. */
interface ThreadContract extends ChatWorld {
  @Test
  default void aThreadHasItsCreatorThoseNamedAndItsProperties() {
    var creator = someone();
    var friend = beside(creator);
    var named = new LinkedHashMap<>(participant(friend));
    named.put("displayName", "A friend");
    var reply =
        creator.post(
            "/chat/threads",
            Map.of(
                "topic", "Lunch & more",
                "participants", List.of(named),
                "metadata", Map.of("room", "12"),
                "retentionPolicy",
                    Map.of("kind", "threadCreationDate", "deleteThreadAfterDays", 60),
                "unknownMember", List.of(1)));
    var made = json(201, reply);
    assertFalse(made.has("invalidParticipants"));
    var thread = made.path("chatThread");
    var id = thread.path("id").asText();
    assertTrue(id.matches("19:acsV1_[A-Za-z0-9_-]{43}@thread\\.v2"), id);
    assertEquals(creator.resource().endpoint() + path(id), reply.header("location"));
    assertEquals("Lunch & more", thread.path("topic").asText());
    assertEquals(MovableClock.START, Instant.parse(thread.path("createdOn").asText()));
    assertEquals(creator.id(), thread.at("/createdByCommunicationIdentifier/rawId").asText());
    assertEquals("communicationUser", thread.at("/createdByCommunicationIdentifier/kind").asText());
    assertEquals("12", thread.at("/metadata/room").asText());
    assertEquals(60, thread.at("/retentionPolicy/deleteThreadAfterDays").asInt());
    assertEquals(thread, json(200, friend.get(path(id))));
    assertEquals(Set.of(creator.id(), friend.id()), creator.participants(path(id)));
    var listed =
        creator.all(path(id) + "/participants").stream()
            .filter(item -> item.has("displayName"))
            .findFirst()
            .orElseThrow();
    assertEquals(friend.id(), listed.at("/communicationIdentifier/rawId").asText());
    assertEquals("A friend", listed.path("displayName").asText());
    assertEquals("communicationUser", listed.at("/communicationIdentifier/kind").asText());
  }

  @Test
  default void whoCannotBeInAThreadIsNamed() {
    var creator = someone();
    var foreigner = someone();
    var deleted = beside(creator);
    house().key(creator.resource(), "DELETE", "/identities/" + deleted.id(), Map.of());
    var unknown = creator.id().substring(0, creator.id().length() - 3) + "000";
    var phone = Map.of("communicationIdentifier", Map.of("phoneNumber", Map.of("value", "+1425")));
    var wanted = List.of(participant(foreigner), participant(deleted), participant(unknown), phone);
    var made =
        json(201, creator.post("/chat/threads", Map.of("topic", "A", "participants", wanted)));
    var expected =
        List.of(
            foreigner.id() + " 403 Permissions check failed",
            deleted.id() + " 404 Not found",
            unknown + " 404 Not found",
            "4:+1425 403 Permissions check failed");
    assertEquals(expected, invalid(made));
    var thread = path(made.at("/chatThread/id").asText());
    assertEquals(expected, invalid(json(201, creator.add(thread, wanted.toArray()))));
    assertEquals(Set.of(creator.id()), creator.participants(thread));
  }

  private static List<String> invalid(JsonNode result) {
    var all = new ArrayList<String>();
    for (var one : result.path("invalidParticipants")) {
      all.add(
          "%s %s %s"
              .formatted(
                  one.path("target").asText(),
                  one.path("code").asText(),
                  one.path("message").asText()));
    }
    return all;
  }

  @Test
  default void aTopicIsNeededAndBounded() {
    var creator = someone();
    for (var body :
        List.of("{}", "{\"topic\":null}", "{\"topic\":{}}", "{\"topic\":[\"a\"]}", "[]")) {
      assertRefused(400, "BadRequest", creator.post("/chat/threads", body));
    }
    var long1001 = Map.of("topic", "x".repeat(1001));
    assertRefused(400, "BadRequest", creator.post("/chat/threads", long1001));
    json(201, creator.post("/chat/threads", Map.of("topic", "é".repeat(1000))));
    var thread = creator.thread();
    assertRefused(400, "BadRequest", creator.patch(thread, long1001));
    assertRefused(400, "BadRequest", creator.patch(thread, "{\"topic\":null}"));
    assertRefused(400, "BadRequest", creator.patch(thread, "{\"topic\":5}"));
    assertEquals("A thread", json(200, creator.get(thread)).path("topic").asText());
  }

  @Test
  default void threadMetadataAreMergedAndBounded() {
    var creator = someone();
    var thread = creator.thread();
    assertEquals(204, creator.patch(thread, "{\"metadata\":{\"a\":\"1\",\"b\":\"2\"}}").status());
    assertEquals(204, creator.patch(thread, "{\"metadata\":{\"a\":null,\"c\":\"3\"}}").status());
    assertEquals(
        "{\"b\":\"2\",\"c\":\"3\"}", json(200, creator.get(thread)).path("metadata").toString());
    var large = Map.of("metadata", Map.of("k", "x".repeat(1021)));
    assertEquals(
        204, creator.patch(thread, Map.of("metadata", Map.of("k", "x".repeat(1019)))).status());
    assertRefused(400, "BadRequest", creator.patch(thread, large));
    for (var bad : List.of("5", "[]", "{\"a\":5}", "{\"a\":{}}", "\"text\"")) {
      assertRefused(400, "BadRequest", creator.patch(thread, "{\"metadata\":" + bad + "}"));
    }
    assertEquals(204, creator.patch(thread, "{\"metadata\":null}").status());
    assertFalse(json(200, creator.get(thread)).has("metadata"));
    assertRefused(
        400,
        "BadRequest",
        creator.post(
            "/chat/threads", Map.of("topic", "A", "metadata", Map.of("k", "x".repeat(1024)))));
  }

  @Test
  default void whatAPatchDoesNotNameStays() {
    var creator = someone();
    var thread = creator.thread();
    creator.patch(thread, "{\"metadata\":{\"a\":\"1\"}}");
    creator.patch(thread, "{\"topic\":\"New\"}");
    creator.patch(thread, "{}");
    var after = json(200, creator.get(thread));
    assertEquals("New", after.path("topic").asText());
    assertEquals("1", after.at("/metadata/a").asText());
  }

  @Test
  default void theCreatorHasNoPrivilege() {
    var creator = someone();
    var other = beside(creator);
    var thread = creator.thread(other);
    assertEquals(204, other.patch(thread, "{\"topic\":\"Mine\"}").status());
    assertEquals(204, other.remove(thread, creator).status());
    assertForbidden(creator.patch(thread, "{\"topic\":\"Ours\"}"));
    assertForbidden(creator.delete(thread));
    assertForbidden(creator.add(thread, participant(creator)));
    assertEquals(Set.of(other.id()), other.participants(thread));
    assertEquals(204, other.delete(thread).status());
    assertForbidden(other.get(thread));
  }

  @Test
  default void aChangedTopicIsTold() {
    var creator = someone();
    var other = beside(creator);
    var thread = creator.thread(other);
    var names = types(creator.messages(thread));
    assertEquals(List.of("participantAdded", "topicUpdated"), names);
    house().clock.move(creator.resource().id(), Duration.ofSeconds(3));
    other.patch(thread, "{\"topic\":\"New\"}");
    var told = creator.messages(thread).getFirst();
    assertEquals("topicUpdated", told.path("type").asText());
    assertEquals("New", told.at("/content/topic").asText());
    assertEquals(other.id(), told.at("/content/initiatorCommunicationIdentifier/rawId").asText());
    assertFalse(told.has("senderCommunicationIdentifier"));
    other.patch(thread, "{\"metadata\":{\"a\":\"1\"}}");
    assertEquals(3, creator.messages(thread).size());
  }

  static List<String> types(List<JsonNode> messages) {
    return messages.stream().map(message -> message.path("type").asText()).toList();
  }

  @Test
  default void aUsersThreadsAreListedNewestFirstPageByPage() {
    var user = someone();
    var other = beside(user);
    var threads = new ArrayList<String>();
    for (var i = 0; i < 7; i++) {
      threads.addFirst(i % 2 == 0 ? user.thread() : other.thread(user));
      house().settle();
      house().clock.move(user.resource().id(), Duration.ofSeconds(1));
    }
    var first = json(200, user.get("/chat/threads?maxPageSize=3"));
    assertEquals(threads.subList(0, 3), ids(first));
    assertTrue(first.at("/value/0").has("lastMessageReceivedOn"));
    assertEquals("A thread", first.at("/value/0/topic").asText());
    var later = user.thread();
    house().settle();
    var second = json(200, user.follow(first.path("nextLink").asText()));
    assertEquals(threads.subList(3, 6), ids(second));
    var third = json(200, user.follow(second.path("nextLink").asText()));
    assertEquals(threads.subList(6, 7), ids(third));
    assertFalse(third.has("nextLink"));
    assertEquals(later, ids(json(200, user.get("/chat/threads"))).getFirst());
  }

  private static List<String> ids(JsonNode page) {
    var ids = new ArrayList<String>();
    page.path("value").forEach(item -> ids.add(path(item.path("id").asText())));
    return ids;
  }

  @Test
  default void theListShowsAtOnceWhatItsReaderJoinedOrLeft() {
    var user = someone();
    var other = beside(user);
    var mine = user.thread(other);
    assertEquals(List.of(mine), ids(json(200, user.get("/chat/threads"))));
    assertEquals(List.of(mine), ids(json(200, other.get("/chat/threads"))));
    user.remove(mine, other);
    assertEquals(List.of(), ids(json(200, other.get("/chat/threads"))));
    user.add(mine, participant(other));
    assertEquals(List.of(mine), ids(json(200, other.get("/chat/threads"))));
    other.delete(mine);
    assertEquals(List.of(), ids(json(200, user.get("/chat/threads"))));
  }

  @Test
  default void startTimeLeavesQuietThreadsOut() {
    var user = someone();
    var quiet = user.thread();
    var busy = user.thread();
    house().clock.move(user.resource().id(), Duration.ofHours(1));
    user.send(busy, "Hello");
    var since = "startTime=" + MovableClock.START.plus(Duration.ofMinutes(30));
    assertEquals(List.of(busy), ids(json(200, user.get("/chat/threads?" + since))));
    assertEquals(2, ids(json(200, user.get("/chat/threads"))).size());
    assertTrue(ids(json(200, user.get("/chat/threads"))).contains(quiet));
  }
}
