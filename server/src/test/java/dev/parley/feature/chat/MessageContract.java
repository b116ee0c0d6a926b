package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.store.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages: sent, read, changed, taken away. */
interface MessageContract extends ChatWorld {
  @Test
  default void aMessageIsReadAsItWasSent() {
    var sender = someone();
    var reader = beside(sender);
    var thread = sender.thread(reader);
    house().clock.move(sender.resource().id(), Duration.ofSeconds(5));
    var reply =
        sender.post(
            thread + "/messages",
            Map.of(
                "content", "Grüße 👋 <b>&",
                "senderDisplayName", "Sally",
                "metadata", Map.of("a", "1")));
    var id = json(201, reply).path("id").asText();
    assertEquals(
        sender.resource().endpoint() + thread + "/messages/" + id, reply.header("location"));
    var message = json(200, reader.get(thread + "/messages/" + id));
    assertEquals(message, reader.messages(thread).getFirst());
    assertEquals("text", message.path("type").asText());
    assertEquals("Grüße 👋 <b>&", message.at("/content/message").asText());
    assertEquals("Sally", message.path("senderDisplayName").asText());
    assertEquals("3", message.path("sequenceId").asText());
    assertEquals(id, message.path("version").asText());
    assertEquals(
        MovableClock.START.plusSeconds(5), Instant.parse(message.path("createdOn").asText()));
    assertEquals(sender.id(), message.at("/senderCommunicationIdentifier/rawId").asText());
    assertEquals("1", message.at("/metadata/a").asText());
    assertFalse(message.has("editedOn"));
    assertFalse(message.has("deletedOn"));
  }

  @Test
  default void htmlIsSanitised() {
    var sender = someone();
    var thread = sender.thread();
    var html =
        "<p onclick=\"steal()\">Hi <b>you</b><script>alert(1)</script>"
            + "<a href=\"javascript:alert(1)\">x</a><iframe src=\"https://a\"></iframe>"
            + "<img src=\"https://a/b.png\" onerror=\"alert(1)\"></p>";
    json(201, sender.post(thread + "/messages", Map.of("content", html, "type", "html")));
    var message = sender.messages(thread).getFirst();
    assertEquals("html", message.path("type").asText());
    var kept = message.at("/content/message").asText();
    assertTrue(kept.contains("<b>you</b>"), kept);
    for (var evil : List.of("script", "onclick", "onerror", "iframe", "javascript")) {
      assertFalse(kept.contains(evil), kept);
    }
    var id = message.path("id").asText();
    sender.patch(thread + "/messages/" + id, Map.of("content", "<i>a</i><script>b</script>"));
    assertEquals("<i>a</i>", sender.messages(thread).getFirst().at("/content/message").asText());
  }

  @Test
  default void usersWriteTextAndHtmlOnly() {
    var sender = someone();
    var thread = sender.thread();
    for (var type :
        List.of("topicUpdated", "participantAdded", "participantRemoved", "TEXT", "", "x")) {
      var body = Map.of("content", "a", "type", type);
      assertRefused(400, "BadRequest", sender.post(thread + "/messages", body));
    }
    for (var body : List.of("{}", "{\"content\":null}", "{\"content\":\"\"}", "{\"content\":{}}")) {
      assertRefused(400, "BadRequest", sender.post(thread + "/messages", body));
    }
    assertEquals(2, sender.messages(thread).size());
  }

  @Test
  default void aMessageHas28KilobytesAndNotMore() {
    var sender = someone();
    var thread = sender.thread();
    var whole = "é".repeat(14 << 10);
    var id = sender.send(thread, whole);
    assertEquals(whole, sender.texts(thread).getFirst());
    for (var text : List.of(whole + "x", "x".repeat(29 << 10), "漢".repeat(9558))) {
      assertRefused(400, "BadRequest", sender.post(thread + "/messages", Map.of("content", text)));
      assertRefused(
          400, "BadRequest", sender.patch(thread + "/messages/" + id, Map.of("content", text)));
    }
    var name = Map.of("content", "a", "senderDisplayName", "x".repeat(1001));
    assertRefused(400, "BadRequest", sender.post(thread + "/messages", name));
    var metadata = Map.of("content", "a", "metadata", Map.of("k", "x".repeat(1024)));
    assertRefused(400, "BadRequest", sender.post(thread + "/messages", metadata));
    assertEquals(List.of(whole), sender.texts(thread));
  }

  @Test
  default void onlyTheSenderEditsAndDeletes() {
    var sender = someone();
    var other = beside(sender);
    var thread = other.thread(sender);
    var path = thread + "/messages/" + sender.send(thread, "mine");
    assertForbidden(other.patch(path, Map.of("content", "yours")));
    assertForbidden(other.delete(path));
    var system = other.messages(thread).getLast().path("id").asText();
    for (var one : List.of(sender, other)) {
      assertForbidden(one.patch(thread + "/messages/" + system, Map.of("content", "x")));
      assertForbidden(one.delete(thread + "/messages/" + system));
    }
    assertEquals(List.of("mine"), other.texts(thread));
  }

  @Test
  default void anEditHasATimeAndANewVersion() {
    var sender = someone();
    var thread = sender.thread();
    var id =
        json(
                201,
                sender.post(
                    thread + "/messages", Map.of("content", "one", "metadata", Map.of("a", "1"))))
            .path("id")
            .asText();
    var path = thread + "/messages/" + id;
    house().clock.move(sender.resource().id(), Duration.ofMinutes(1));
    assertEquals(204, sender.patch(path, Map.of("content", "two")).status());
    var edited = json(200, sender.get(path));
    assertEquals("two", edited.at("/content/message").asText());
    assertEquals("1", edited.at("/metadata/a").asText());
    assertEquals(
        MovableClock.START.plusSeconds(60), Instant.parse(edited.path("editedOn").asText()));
    assertTrue(edited.path("version").asLong() > edited.path("id").asLong());
    assertEquals(204, sender.patch(path, "{\"metadata\":{\"a\":null,\"b\":\"2\"}}").status());
    var again = json(200, sender.get(path));
    assertEquals("{\"b\":\"2\"}", again.path("metadata").toString());
    assertEquals("two", again.at("/content/message").asText());
    assertTrue(again.path("version").asLong() > edited.path("version").asLong());
    for (var body :
        List.of(
            "{\"content\":null}", "{\"content\":\"\"}", "{\"content\":5}", "{\"metadata\":5}")) {
      assertRefused(400, "BadRequest", sender.patch(path, body));
    }
    assertEquals(again, json(200, sender.get(path)));
  }

  @Test
  default void aDeletedMessageStaysWithoutItsContent() {
    var sender = someone();
    var other = beside(sender);
    var thread = sender.thread(other);
    var id =
        json(
                201,
                sender.post(
                    thread + "/messages",
                    Map.of(
                        "content",
                        "secret",
                        "senderDisplayName",
                        "S",
                        "metadata",
                        Map.of("a", "1"))))
            .path("id")
            .asText();
    var path = thread + "/messages/" + id;
    assertEquals(204, sender.delete(path).status());
    var left = json(200, other.get(path));
    assertEquals("{}", left.path("content").toString());
    assertTrue(left.has("deletedOn"));
    assertFalse(left.has("metadata"));
    assertFalse(left.has("senderDisplayName"));
    assertEquals(sender.id(), left.at("/senderCommunicationIdentifier/rawId").asText());
    assertEquals(left, other.messages(thread).getFirst());
    assertEquals(204, sender.delete(path).status());
    assertEquals(left, json(200, other.get(path)));
    assertRefused(404, "NotFound", sender.patch(path, Map.of("content", "back")));
    assertEquals(left, json(200, other.get(path)));
  }

  @Test
  default void whatIsNoMessageIsNotFound() {
    var sender = someone();
    var thread = sender.thread();
    for (var id : List.of("1", "0", "-1", "abc", "99999999999999999999999", "1.5", "%20")) {
      var path = thread + "/messages/" + id;
      assertRefused(404, "NotFound", sender.get(path));
      assertRefused(404, "NotFound", sender.patch(path, Map.of("content", "x")));
      assertRefused(404, "NotFound", sender.delete(path));
    }
  }
}
