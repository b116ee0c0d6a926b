package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.store.MovableClock;
import dev.parley.base.words.ThreadId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Ids and pages of messages: unique, rising and stable whatever happens meanwhile. */
interface MessageOrderContract extends ChatWorld {
  private static List<Long> ids(List<JsonNode> messages) {
    return messages.stream().map(message -> message.path("id").asLong()).toList();
  }

  private static void assertInOrder(List<JsonNode> newestFirst) {
    var messages = newestFirst.reversed();
    for (var i = 0; i < messages.size(); i++) {
      assertEquals(i + 1, messages.get(i).path("sequenceId").asLong());
      assertEquals(
          messages.get(i).path("id").asLong(),
          Instant.parse(messages.get(i).path("createdOn").asText()).toEpochMilli());
    }
    var ids = ids(messages);
    assertEquals(ids.stream().sorted().distinct().toList(), ids);
  }

  @Test
  default void idsAreUniqueAndRiseUnderConcurrentSenders() throws Exception {
    var owner = someone();
    var others = new ArrayList<Person>();
    for (var i = 0; i < 7; i++) {
      others.add(beside(owner));
    }
    var thread = owner.thread(others.toArray(Person[]::new));
    var id = new ThreadId(URLDecoder.decode(thread.substring(14), StandardCharsets.UTF_8));
    others.add(owner);
    var chat = house().messages();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var senders =
          others.stream()
              .<Callable<List<Long>>>map(sender ->
                  () -> {
                    var given = new ArrayList<Long>();
                    for (var i = 0; i < 25; i++) {
                      var message =
                          new NewMessage(MessageType.TEXT, "m" + i, null, Map.of(), List.of());
                      given.add(chat.send(sender.caller(), id, message).value());
                    }
                    return given;
                  })
              .toList();
      var all = new ArrayList<Long>();
      for (var given : threads.invokeAll(senders)) {
        // What one sender sends one after another rises.
        assertEquals(given.get().stream().sorted().toList(), given.get());
        all.addAll(given.get());
      }
      assertEquals(200, all.stream().distinct().count());
    }
    var messages = owner.messages(thread);
    assertEquals(202, messages.size());
    assertInOrder(messages);
  }

  @Test
  default void idsRiseWhenTheClockStepsBackAndAfterARestart() {
    var owner = someone();
    var thread = owner.thread();
    owner.send(thread, "one");
    house().clock.move(owner.resource().id(), Duration.ofHours(-2));
    owner.send(thread, "two");
    owner.patch(thread, "{\"topic\":\"New\"}");
    house().restart();
    owner.send(thread, "three");
    house().clock.move(owner.resource().id(), Duration.ofHours(3));
    owner.send(thread, "four");
    assertEquals(List.of("four", "three", "two", "one"), owner.texts(thread));
    var messages = owner.messages(thread);
    assertInOrder(messages);
    assertEquals(
        MovableClock.START.plus(Duration.ofHours(1)).toEpochMilli(), ids(messages).getFirst());
  }

  @Test
  default void pagesAreStableUnderInsertsEditsAndDeletions() {
    var owner = someone();
    var thread = owner.thread();
    var sent = new ArrayList<Long>();
    for (var i = 0; i < 10; i++) {
      sent.addFirst(Long.parseLong(owner.send(thread, "m" + i)));
    }
    var page = json(200, owner.get(thread + "/messages?maxPageSize=4"));
    var seen = new ArrayList<Long>();
    while (true) {
      page.path("value").forEach(item -> seen.add(item.path("id").asLong()));
      if (!page.has("nextLink")) {
        break;
      }
      assertEquals(4, page.path("value").size());
      owner.send(thread, "meanwhile");
      owner.delete(thread + "/messages/" + sent.get(5));
      owner.patch(thread + "/messages/" + sent.get(6), Map.of("content", "edited"));
      page = json(200, owner.follow(page.path("nextLink").asText()));
    }
    assertEquals(sent, seen.subList(0, 10));
    assertEquals(12, seen.size());
  }

  @Test
  default void aPageHas200MessagesAtMost() {
    var owner = someone();
    var thread = owner.thread();
    var id = new ThreadId(URLDecoder.decode(thread.substring(14), StandardCharsets.UTF_8));
    var chat = house().messages();
    for (var i = 0; i < 210; i++) {
      chat.send(
          owner.caller(), id, new NewMessage(MessageType.TEXT, "m" + i, null, Map.of(), List.of()));
    }
    for (var size : List.of("", "?maxPageSize=200", "?maxPageSize=2147483647")) {
      var page = json(200, owner.get(thread + "/messages" + size));
      assertEquals(200, page.path("value").size());
      assertTrue(page.has("nextLink"));
    }
    for (var bad : List.of("0", "-1", "x", "", "2147483648")) {
      assertRefused(400, "BadRequest", owner.get(thread + "/messages?maxPageSize=" + bad));
    }
  }

  @Test
  default void startTimeLeavesOlderMessagesOut() {
    var owner = someone();
    var thread = owner.thread();
    owner.send(thread, "old");
    house().clock.move(owner.resource().id(), Duration.ofMinutes(1));
    owner.send(thread, "new");
    owner.send(thread, "newest");
    var from = MovableClock.START.plusSeconds(60);
    var path = thread + "/messages?maxPageSize=1&startTime=";
    var found = owner.all(path + from);
    assertEquals(2, found.size());
    assertEquals(List.of(), owner.all(path + from.plusSeconds(1)));
    assertEquals(2, owner.all(path + "2026-11-24T12:01:00%2B02:00").size());
    assertEquals(5, owner.all(path + "0001-01-01T00:00:00Z").size());
    for (var bad :
        List.of(
            "yesterday",
            "2026-11-24",
            "2026-02-30T00:00:00Z",
            "",
            "%2B999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z")) {
      assertRefused(400, "BadRequest", owner.get(path + bad));
    }
  }

  @Test
  default void aPagingLinkThatWasTamperedWithIsRefused() {
    var owner = someone();
    var other = beside(owner);
    var thread = owner.thread(other);
    owner.send(thread, "a");
    var link = json(200, owner.get(thread + "/messages?maxPageSize=1")).path("nextLink").asText();
    var start = link.indexOf("syncState=") + "syncState=".length();
    var end = link.indexOf('&', start);
    assertTrue(link.startsWith(owner.resource().endpoint() + thread), link);
    assertTrue(link.contains("api-version=" + Person.VERSION), link);
    for (var i = start; i < end; i++) {
      var changed = link.charAt(i) == 'A' ? 'B' : 'A';
      var reply = owner.follow(link.substring(0, i) + changed + link.substring(i + 1));
      // The last character may hold bits that decode to the same bytes.
      if (i < end - 1) {
        assertRefused(400, "BadRequest", reply);
      }
    }
    for (var text : List.of("", "x", "%00", "a".repeat(3000), "1".repeat(22))) {
      assertRefused(
          400, "BadRequest", owner.follow(link.substring(0, start) + text + link.substring(end)));
    }
    // Made for another thread, another list, another tenant.
    var elsewhere = owner.thread();
    assertRefused(400, "BadRequest", owner.follow(link.replace(thread, elsewhere)));
    assertRefused(400, "BadRequest", owner.follow(link.replace("/messages", "/participants")));
    var foreigner = someone();
    assertRefused(400, "BadRequest", foreigner.follow(link.replace(thread, foreigner.thread())));
    // The other member may use it; it grants nothing.
    json(200, other.follow(link));
    var raw = URLDecoder.decode(thread, StandardCharsets.UTF_8);
    assertFalse(json(200, owner.follow(link.replace(thread, raw))).path("value").isEmpty());
  }
}
