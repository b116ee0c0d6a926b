package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static dev.parley.feature.chat.Person.participant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is in a thread, and what they see of it. */
interface ParticipantContract extends ChatWorld {
  private static Map<String, Object> sharing(Person person, Object from) {
    var participant = new LinkedHashMap<>(participant(person));
    participant.put("shareHistoryTime", from);
    return participant;
  }

  private void later(Person person) {
    house().clock.move(person.resource().id(), Duration.ofMinutes(1));
  }

  @Test
  default void aLateJoinerSeesNoHistory() {
    var owner = someone();
    var late = beside(owner);
    var thread = owner.thread();
    var before = owner.send(thread, "before");
    later(owner);
    json(201, owner.add(thread, participant(late)));
    owner.send(thread, "after");
    assertEquals(List.of("after"), late.texts(thread));
    assertRefused(404, "NotFound", late.get(thread + "/messages/" + before));
    assertEquals(List.of("text", "participantAdded"), ThreadContract.types(late.messages(thread)));
  }

  @Test
  default void sharedHistoryBeginsAtItsTime() {
    var owner = someone();
    var thread = owner.thread();
    var first = owner.send(thread, "first");
    later(owner);
    var second = owner.send(thread, "second");
    later(owner);
    var some = beside(owner);
    var all = beside(owner);
    json(201, owner.add(thread, sharing(some, Instant.ofEpochMilli(Long.parseLong(second)))));
    json(201, owner.add(thread, sharing(all, "1970-01-01T00:00:00Z")));
    assertEquals(List.of("second"), some.texts(thread));
    assertRefused(404, "NotFound", some.get(thread + "/messages/" + first));
    assertEquals(List.of("second", "first"), all.texts(thread));
    json(200, all.get(thread + "/messages/" + first));
    var listed = owner.all(thread + "/participants");
    assertFalse(listed.getFirst().has("shareHistoryTime"));
    assertEquals("1970-01-01T00:00:00Z", listed.getLast().path("shareHistoryTime").asText());
  }

  @Test
  default void aShareTimeThatIsNoneIsRefused() {
    var owner = someone();
    var thread = owner.thread();
    for (var time :
        List.of("yesterday", "+999999999-01-01T00:00:00Z", "-1000000-01-01T00:00:00Z", List.of())) {
      assertRefused(400, "BadRequest", owner.add(thread, sharing(beside(owner), time)));
    }
    assertEquals(Set.of(owner.id()), owner.participants(thread));
  }

  @Test
  default void aRemovedParticipantReadsUpToTheRemoval() {
    var owner = someone();
    var removed = beside(owner);
    var thread = owner.thread(removed);
    var before = owner.send(thread, "before");
    later(owner);
    assertEquals(204, owner.remove(thread, removed).status());
    var after = owner.send(thread, "after");
    assertEquals(List.of("before"), removed.texts(thread));
    assertEquals("participantRemoved", removed.messages(thread).getFirst().path("type").asText());
    json(200, removed.get(thread + "/messages/" + before));
    assertRefused(404, "NotFound", removed.get(thread + "/messages/" + after));
    assertForbidden(removed.post(thread + "/messages", Map.of("content", "again")));
    assertForbidden(removed.get(thread));
    assertForbidden(removed.get(thread + "/participants"));
    // Paging does not lead past the removal either.
    var page = json(200, removed.get(thread + "/messages?maxPageSize=1"));
    assertEquals(
        List.of("text"),
        ThreadContract.types(
            List.of(json(200, removed.follow(page.path("nextLink").asText())).at("/value/0"))));
  }

  @Test
  default void whoIsAddedAgainBeginsAnew() {
    var owner = someone();
    var back = beside(owner);
    var thread = owner.thread(back);
    owner.send(thread, "first");
    later(owner);
    owner.remove(thread, back);
    owner.send(thread, "absent");
    later(owner);
    owner.add(thread, participant(back));
    back.send(thread, "here again");
    assertEquals(List.of("here again"), back.texts(thread));
    assertEquals(Set.of(owner.id(), back.id()), owner.participants(thread));
  }

  @Test
  default void whoIsInTheThreadAlreadyStaysAsHeIs() {
    var owner = someone();
    var member = beside(owner);
    var thread = owner.thread(member);
    var before = owner.messages(thread);
    var again = sharing(member, "2026-01-01T00:00:00Z");
    json(201, owner.add(thread, again, participant(member), participant(member)));
    assertEquals(before, owner.messages(thread));
    assertEquals(Set.of(owner.id(), member.id()), owner.participants(thread));
  }

  @Test
  default void joiningAndLeavingAreTold() {
    var owner = someone();
    var member = beside(owner);
    var thread = owner.thread();
    var named = new LinkedHashMap<>(participant(member));
    named.put("displayName", "Sally");
    owner.add(thread, named);
    var added = owner.messages(thread).getFirst();
    assertEquals("participantAdded", added.path("type").asText());
    assertEquals("Sally", added.at("/content/participants/0/displayName").asText());
    assertEquals(
        member.id(), added.at("/content/participants/0/communicationIdentifier/rawId").asText());
    assertEquals(owner.id(), added.at("/content/initiatorCommunicationIdentifier/rawId").asText());
    member.remove(thread, member);
    var removed = owner.messages(thread).getFirst();
    assertEquals("participantRemoved", removed.path("type").asText());
    assertEquals(
        member.id(), removed.at("/content/initiatorCommunicationIdentifier/rawId").asText());
  }

  @Test
  default void removingSomebodyElseChangesNothing() {
    var owner = someone();
    var thread = owner.thread();
    var before = owner.messages(thread);
    assertEquals(204, owner.remove(thread, beside(owner)).status());
    assertEquals(204, owner.remove(thread, someone()).status());
    for (var body :
        List.of("{}", "{\"rawId\":null}", "{\"rawId\":\"\"}", "{\"communicationUser\":{}}")) {
      assertRefused(400, "BadRequest", owner.post(thread + "/participants/:remove", body));
    }
    assertEquals(before, owner.messages(thread));
  }

  @Test
  default void anIdentifierComesInEveryFormOfTheSdks() {
    var owner = someone();
    for (var form :
        List.of(
            "{\"rawId\":\"%s\"}",
            "{\"communicationUser\":{\"id\":\"%s\"}}",
            "{\"kind\":\"communicationUser\",\"communicationUser\":{\"id\":\"%s\"}}")) {
      var member = beside(owner);
      var thread = owner.thread();
      var identifier = form.formatted(member.id());
      var body = "{\"participants\":[{\"communicationIdentifier\":" + identifier + "}]}";
      json(201, owner.post(thread + "/participants/:add", body));
      assertEquals(Set.of(owner.id(), member.id()), owner.participants(thread));
      assertEquals(204, owner.post(thread + "/participants/:remove", identifier).status());
      assertEquals(Set.of(owner.id()), owner.participants(thread));
    }
    var two =
        "{\"communicationUser\":{\"id\":\"8:acs:a_b\"},\"phoneNumber\":{\"value\":\"+1425\"}}";
    assertRefused(400, "BadRequest", owner.post(owner.thread() + "/participants/:remove", two));
  }

  @Test
  default void participantsAreBounded() {
    var owner = someone();
    var many = new ArrayList<Object>();
    for (var i = 0; i < 251; i++) {
      many.add(
          participant(
              json(201, house().key(owner.resource(), "POST", "/identities", Map.of()))
                  .at("/identity/id")
                  .asText()));
    }
    assertRefused(
        400,
        "BadRequest",
        owner.post("/chat/threads", Map.of("topic", "A", "participants", many.subList(0, 201))));
    var made =
        json(
            201,
            owner.post(
                "/chat/threads", Map.of("topic", "A", "participants", many.subList(0, 200))));
    var thread = Person.path(made.at("/chatThread/id").asText());
    var add = thread + "/participants/:add";
    assertRefused(400, "BadRequest", owner.post(add, Map.of("participants", many.subList(0, 201))));
    assertRefused(
        400, "BadRequest", owner.post(add, Map.of("participants", many.subList(200, 250))));
    assertEquals(201, owner.participants(thread).size());
    json(201, owner.post(add, Map.of("participants", many.subList(200, 249))));
    assertEquals(250, owner.participants(thread).size());
    assertRefused(400, "BadRequest", owner.add(thread, many.get(250)));
    json(201, owner.add(thread, many.get(3)));
    assertEquals(250, owner.participants(thread).size());
    json(201, owner.post(thread + "/messages", Map.of("content", "to all")));
    assertEquals(50, json(200, owner.get(thread + "/participants?skip=200")).path("value").size());
  }

  @Test
  default void participantsComeInPagesThatSkip() {
    var owner = someone();
    var others = List.of(beside(owner), beside(owner), beside(owner), beside(owner));
    var thread = owner.thread(others.toArray(Person[]::new));
    var all = ids(owner.all(thread + "/participants"));
    assertEquals(5, all.stream().distinct().count());
    assertEquals(all, ids(owner.all(thread + "/participants?maxPageSize=2")));
    assertEquals(all.subList(3, 5), ids(owner.all(thread + "/participants?maxPageSize=1&skip=3")));
    assertEquals(List.of(), owner.all(thread + "/participants?skip=2147483647"));
    for (var bad :
        List.of("maxPageSize=0", "maxPageSize=-1", "maxPageSize=x", "skip=-1", "skip=2147483648")) {
      assertRefused(400, "BadRequest", owner.get(thread + "/participants?" + bad));
    }
  }

  private static List<String> ids(List<JsonNode> items) {
    return items.stream().map(item -> item.at("/communicationIdentifier/rawId").asText()).toList();
  }

  @Test
  default void aParticipantsWordsAreBounded() {
    var owner = someone();
    var thread = owner.thread();
    var named = new LinkedHashMap<>(participant(beside(owner)));
    named.put("displayName", "x".repeat(1001));
    assertRefused(400, "BadRequest", owner.add(thread, named));
    named.put("displayName", "x".repeat(1000));
    named.put("metadata", Map.of("k", "x".repeat(1024)));
    assertRefused(400, "BadRequest", owner.add(thread, named));
    named.put("metadata", Map.of("k", "x".repeat(1023)));
    json(201, owner.add(thread, named));
    var listed = owner.all(thread + "/participants").getLast();
    assertEquals(1023, listed.at("/metadata/k").asText().length());
  }
}
