package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.words.Resource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How things end: retention, deletion, erasure; and that nothing of them stays. */
interface EndingContract extends ChatWorld {
  private void moved(Person person, Duration span) {
    house().clock.move(person.resource().id(), span);
    house().runDue();
  }

  private static Map<String, Object> retention(int days) {
    return Map.of(
        "retentionPolicy", Map.of("kind", "threadCreationDate", "deleteThreadAfterDays", days));
  }

  private static String keptFor(Person creator, int days) {
    var thread = creator.thread();
    json(204, creator.patch(thread, retention(days)));
    return thread;
  }

  @Test
  default void aThreadEndsWhenItsRetentionDoes() {
    var creator = someone();
    var thread = keptFor(creator, 30);
    var forever = creator.thread();
    creator.send(thread, "a secret of the thread");
    moved(creator, Duration.ofDays(30).minusSeconds(1));
    assertEquals(1, creator.texts(thread).size());
    moved(creator, Duration.ofSeconds(1));
    assertForbidden(creator.get(thread));
    assertForbidden(creator.get(thread + "/messages"));
    assertEquals(0, rowsOf(creator.resource(), "chat_message", thread));
    assertEquals(1, creator.all("/chat/threads").size());
    json(200, creator.get(forever));
    moved(creator, Duration.ofDays(2));
    assertEquals(0, rowsOf(creator.resource(), "chat_thread", thread));
    assertEquals(0, rowsOf(creator.resource(), "chat_participant", thread));
  }

  @Test
  default void retentionCanBeChangedAndTakenAway() {
    var creator = someone();
    var longer = keptFor(creator, 30);
    var none = keptFor(creator, 30);
    var nulled = keptFor(creator, 30);
    var shorter = keptFor(creator, 90);
    json(204, creator.patch(nulled, "{\"retentionPolicy\":null}"));
    json(204, creator.patch(nulled, "{\"topic\":\"says nothing of it\"}"));
    json(204, creator.patch(longer, retention(90)));
    json(204, creator.patch(none, Map.of("retentionPolicy", Map.of("kind", "none"))));
    json(204, creator.patch(shorter, retention(31)));
    assertEquals(
        "{\"kind\":\"none\"}", json(200, creator.get(none)).path("retentionPolicy").toString());
    moved(creator, Duration.ofDays(32));
    assertForbidden(creator.get(shorter));
    json(200, creator.get(longer));
    moved(creator, Duration.ofDays(60));
    assertForbidden(creator.get(longer));
    json(200, creator.get(none));
    json(200, creator.get(nulled));
  }

  @Test
  default void aThreadIsKeptFor30To90Days() {
    var creator = someone();
    var thread = creator.thread();
    for (var bad :
        List.of(
            "{\"kind\":\"threadCreationDate\",\"deleteThreadAfterDays\":29}",
            "{\"kind\":\"threadCreationDate\",\"deleteThreadAfterDays\":91}",
            "{\"kind\":\"threadCreationDate\",\"deleteThreadAfterDays\":99999999999}",
            "{\"kind\":\"threadCreationDate\",\"deleteThreadAfterDays\":null}",
            "{\"kind\":\"threadCreationDate\"}",
            "{\"kind\":\"later\",\"deleteThreadAfterDays\":30}",
            "{}",
            "5")) {
      assertRefused(400, "BadRequest", creator.patch(thread, "{\"retentionPolicy\":" + bad + "}"));
      assertRefused(
          400,
          "BadRequest",
          creator.post("/chat/threads", "{\"topic\":\"A\",\"retentionPolicy\":" + bad + "}"));
    }
    assertFalse(json(200, creator.get(thread)).has("retentionPolicy"));
    assertEquals(1, creator.all("/chat/threads").size());
  }

  @Test
  default void aDeletedThreadIsGoneWithItsWords() {
    var owner = someone();
    var other = beside(owner);
    var thread = owner.thread(other);
    var image =
        json(
                201,
                house()
                    .ask(
                        owner.request(
                            "POST", thread + "/images", "image/png", ImageContract.png(2, 2))))
            .path("id")
            .asText();
    owner.send(thread, "a secret of the thread");
    assertEquals(204, other.delete(thread).status());
    var ids = new ChatAccessContract.Ids(thread, "1", image);
    ChatAccessContract.requests(owner, ids, other)
        .forEach((operation, request) -> {
          if (!ChatAccessContract.WITHOUT_THREAD.contains(operation)) {
            assertForbidden(house().ask(request));
          }
        });
    house().settle();
    for (var table : List.of("chat_message", "chat_image", "chat_user_thread")) {
      assertEquals(0, rowsOf(owner.resource(), table, thread), table);
    }
    assertFalse(everything(owner.resource()).contains("secret"));
    assertTrue(house().blobs.get(owner.resource().id(), blob(thread, image)).isEmpty());
  }

  private static String blob(String thread, String image) {
    var id = URLDecoder.decode(thread.substring(14), StandardCharsets.UTF_8);
    return "chat/"
        + HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8))
        + "/"
        + image
        + "/original";
  }

  @Test
  default void aDeletedUserLeavesAndTakesItsWordsAlong() {
    var owner = someone();
    var leaver = beside(owner);
    var thread = owner.thread(leaver);
    var left = owner.thread(leaver);
    leaver.send(thread, "a secret of the leaver");
    var image =
        json(
                201,
                house()
                    .ask(
                        leaver.request(
                            "POST", thread + "/images", "image/png", ImageContract.png(2, 2))))
            .path("id")
            .asText();
    leaver.send(left, "another secret");
    owner.remove(left, leaver);
    owner.send(thread, "stays");
    var path = "/identities/" + leaver.id();
    assertEquals(204, house().key(owner.resource(), "DELETE", path, Map.of()).status());
    house().settle();
    assertEquals(Set.of(owner.id()), owner.participants(thread));
    var messages = owner.messages(thread);
    assertEquals("participantRemoved", messages.getFirst().path("type").asText());
    assertEquals(List.of("stays", ""), owner.texts(thread));
    assertTrue(messages.get(2).has("deletedOn"));
    assertEquals("{}", messages.get(2).path("content").toString());
    assertEquals(List.of(""), owner.texts(left));
    assertFalse(everything(owner.resource()).contains("secret"));
    assertRefused(404, "NotFound", owner.get(thread + "/images/" + image + "/view/original"));
  }

  @Test
  default void anErasedResourceLeavesNoRow() {
    var owner = someone();
    var other = beside(owner);
    var thread = keptFor(owner, 30);
    owner.add(thread, Person.participant(other));
    owner.send(thread, "a secret");
    json(
        201,
        house()
            .ask(
                owner
                    .request("POST", "/chat/threads", "{\"topic\":\"R\"}")
                    .with("repeatability-request-id: r1")));
    owner.delete(owner.thread());
    house().ask(owner.request("POST", thread + "/images", "image/png", ImageContract.png(2, 2)));
    var neighbour = someone();
    var kept = neighbour.thread();
    house().settle();
    house().erase(owner.resource());
    for (var table :
        List.of(
            "chat_thread",
            "chat_participant",
            "chat_message",
            "chat_image",
            "chat_user_thread",
            "identity_user",
            "due_job",
            "repeat_answer")) {
      assertEquals(0, rowsOf(owner.resource(), table), table);
    }
    assertFalse(everything(owner.resource()).contains("secret"));
    json(200, neighbour.get(kept));
  }

  @Test
  default void theJournalHoldsIdsAndNoWords() {
    var owner = someone();
    var other = beside(owner);
    var thread = owner.thread(other);
    owner.patch(thread, "{\"topic\":\"secret topic\",\"metadata\":{\"secret\":\"secret\"}}");
    var id =
        json(
                201,
                owner.post(
                    thread + "/messages",
                    Map.of("content", "secret words", "senderDisplayName", "secret name")))
            .path("id")
            .asText();
    owner.patch(thread + "/messages/" + id, Map.of("content", "other secret words"));
    other.post(thread + "/readReceipts", Map.of("chatMessageId", id));
    var rows = new ArrayList<String>();
    for (var head : house().store().heads().entrySet()) {
      journal(head.getKey()).stream()
          .filter(row -> row.partition().resource().equals(owner.resource().id()))
          .forEach(row -> rows.add(row.event().toString() + row.origin()));
    }
    assertTrue(rows.size() >= 6, () -> rows.toString());
    assertFalse(rows.toString().contains("secret"));
  }

  private List<JournalRow> journal(Shard shard) {
    return house().store().journal(shard, 0, 100_000);
  }

  private int rowsOf(Resource resource, String table) {
    return house()
        .store()
        .read(rows ->
            rows.one(
                "SELECT COUNT(*) FROM " + table + " WHERE resource_id = ?",
                row -> (int) row.number(1),
                resource.id().value()))
        .orElseThrow();
  }

  private int rowsOf(Resource resource, String table, String thread) {
    var id = URLDecoder.decode(thread.substring(14), StandardCharsets.UTF_8);
    return house()
        .store()
        .read(rows ->
            rows.one(
                "SELECT COUNT(*) FROM " + table + " WHERE resource_id = ? AND thread_id = ?",
                row -> (int) row.number(1),
                resource.id().value(),
                id))
        .orElseThrow();
  }

  /** All words that are stored about a tenant. */
  private String everything(Resource resource) {
    var words = new StringBuilder();
    for (var columns :
        List.of(
            "topic || metadata FROM chat_thread",
            "COALESCE(display_name, '') || metadata FROM chat_participant",
            "COALESCE(body, '') || COALESCE(detail, '') || COALESCE(display_name, '')"
                + " FROM chat_message",
            "COALESCE(name, '') FROM chat_image",
            "event FROM journal",
            "answer FROM repeat_answer")) {
      house()
          .store()
          .read(rows ->
              rows.all(
                  "SELECT " + columns + " WHERE resource_id = ?",
                  row -> row.text(1),
                  resource.id().value()))
          .forEach(words::append);
    }
    return words.toString();
  }
}
