package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static dev.parley.feature.chat.Person.participant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Json;
import dev.parley.base.store.Shard;
import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import dev.parley.base.words.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may do what: every operation against every kind of caller. */
interface ChatAccessContract extends ChatWorld {
  /** Operations that only the scope {@code chat} opens (behaviour.md section 2). */
  Set<String> OWNERS =
      Set.of(
          "Chat_CreateChatThread",
          "ChatThread_UpdateChatThreadProperties",
          "Chat_DeleteChatThread");

  /** Operations that {@code chat.join} opens and {@code chat.join.limited} does not. */
  Set<String> INVITERS =
      Set.of("ChatThread_AddChatParticipants", "ChatThread_RemoveChatParticipant");

  /** Scopes that open anything of chat. */
  Set<Scope> MEMBERS = Set.of(Scope.CHAT, Scope.CHAT_JOIN, Scope.CHAT_JOIN_LIMITED);

  /** Operations that name no thread. */
  Set<String> WITHOUT_THREAD = Set.of("Chat_CreateChatThread", "Chat_ListChatThreads");

  /** What a removed participant may still do: read what came before. */
  Set<String> HISTORY = Set.of("ChatThread_ListChatMessages", "ChatThread_GetChatMessage");

  /** What somebody does to a thread of his own. */
  record Ids(String thread, String message, String image) {}

  /** One request of every operation, by the operation's name; harmless to the next ones. */
  static Map<String, RawRequest> requests(Person caller, Ids ids, Person other) {
    var t = ids.thread();
    var all = new LinkedHashMap<String, RawRequest>();
    all.put(
        "Chat_CreateChatThread", caller.request("POST", "/chat/threads", "{\"topic\":\"One\"}"));
    all.put("Chat_ListChatThreads", caller.request("GET", "/chat/threads", ""));
    all.put("ChatThread_GetChatThreadProperties", caller.request("GET", t, ""));
    all.put(
        "ChatThread_UpdateChatThreadProperties",
        caller.request("PATCH", t, "{\"topic\":\"Another\"}"));
    all.put("ChatThread_ListChatParticipants", caller.request("GET", t + "/participants", ""));
    all.put(
        "ChatThread_AddChatParticipants",
        caller.request(
            "POST",
            t + "/participants/:add",
            Json.text(Map.of("participants", List.of(participant(other))))));
    all.put(
        "ChatThread_RemoveChatParticipant",
        caller.request("POST", t + "/participants/:remove", "{\"rawId\":\"" + other.id() + "\"}"));
    all.put(
        "ChatThread_SendChatMessage",
        caller.request("POST", t + "/messages", "{\"content\":\"Hello\"}"));
    all.put("ChatThread_ListChatMessages", caller.request("GET", t + "/messages", ""));
    all.put(
        "ChatThread_GetChatMessage", caller.request("GET", t + "/messages/" + ids.message(), ""));
    all.put(
        "ChatThread_UpdateChatMessage",
        caller.request("PATCH", t + "/messages/" + ids.message(), "{\"content\":\"Hello again\"}"));
    all.put("ChatThread_SendTypingNotification", caller.request("POST", t + "/typing", "{}"));
    all.put(
        "ChatThread_SendChatReadReceipt",
        caller.request(
            "POST", t + "/readReceipts", "{\"chatMessageId\":\"" + ids.message() + "\"}"));
    all.put("ChatThread_ListChatReadReceipts", caller.request("GET", t + "/readReceipts", ""));
    all.put(
        "ChatThread_UploadChatImage",
        caller.request("POST", t + "/images", "image/png", ImageContract.png(4, 4)));
    all.put(
        "ChatThread_GetChatImage",
        caller.request("GET", t + "/images/" + ids.image() + "/view/original", ""));
    all.put(
        "ChatThread_DeleteChatImage", caller.request("DELETE", t + "/images/" + ids.image(), ""));
    all.put(
        "ChatThread_DeleteChatMessage",
        caller.request("DELETE", t + "/messages/" + ids.message(), ""));
    all.put("Chat_DeleteChatThread", caller.request("DELETE", t, ""));
    return all;
  }

  /** A thread with a message and an image of the person's own. */
  static Ids place(Person owner, String thread) {
    var image =
        owner
            .house()
            .ask(owner.request("POST", thread + "/images", "image/png", ImageContract.png(4, 4)));
    return new Ids(thread, owner.send(thread, "Hello"), json(201, image).path("id").asText());
  }

  @Test
  default void theTableOfOperationsIsComplete() {
    var someone = someone();
    var names = requests(someone, new Ids("/chat/threads/x", "1", "1"), someone).keySet();
    var routes =
        house().chat().routes().stream()
            .map(route -> route.operation())
            .collect(Collectors.toSet());
    assertEquals(new TreeSet<>(routes), new TreeSet<>(names));
    assertEquals(19, routes.size());
  }

  @Test
  default void eachScopeOpensItsOperations() {
    var owner = someone();
    for (var scopes :
        List.of(
            Set.of(Scope.CHAT),
            Set.of(Scope.CHAT_JOIN),
            Set.of(Scope.CHAT_JOIN_LIMITED),
            Set.of(Scope.VOIP),
            Set.of(Scope.VOIP_JOIN),
            Set.of(Scope.CHAT_JOIN, Scope.VOIP))) {
      var caller = house().person(owner.resource(), scopes.toArray(Scope[]::new));
      var thread = owner.thread(caller);
      var ids =
          Collections.disjoint(scopes, MEMBERS) ? place(owner, thread) : place(caller, thread);
      requests(caller, ids, beside(owner))
          .forEach((operation, request) -> {
            var reply = house().ask(request);
            if (opens(scopes, operation)) {
              assertTrue(reply.status() < 300, () -> operation + scopes + reply.text());
            } else {
              assertForbidden(reply);
            }
          });
    }
  }

  private static boolean opens(Set<Scope> scopes, String operation) {
    return scopes.contains(Scope.CHAT)
        || (scopes.contains(Scope.CHAT_JOIN) && !OWNERS.contains(operation))
        || (scopes.contains(Scope.CHAT_JOIN_LIMITED)
            && !OWNERS.contains(operation)
            && !INVITERS.contains(operation));
  }

  @Test
  default void whoeverProvesNothingIsUnauthorizedAndChangesNothing() {
    var owner = someone();
    var ids = place(owner, owner.thread());
    var foreign = someone();
    var deleted = beside(owner);
    owner.add(ids.thread(), participant(deleted));
    var revoked = beside(owner);
    owner.add(ids.thread(), participant(revoked));
    var path = "/identities/" + deleted.id();
    assertEquals(204, house().key(owner.resource(), "DELETE", path, Map.of()).status());
    path = "/identities/" + revoked.id() + "/:revokeAccessTokens";
    assertEquals(204, house().key(owner.resource(), "POST", path, Map.of()).status());
    house().settle();
    var tokens = new ArrayList<String>();
    tokens.addAll(List.of("", "x", "a.b.c", owner.token() + "x", owner.token().substring(1)));
    tokens.addAll(List.of(foreign.token(), deleted.token(), revoked.token()));
    var before = house().store().heads();
    for (var token : tokens) {
      var caller = new Person(house(), owner.resource(), owner.id(), token);
      requests(caller, ids, beside(foreign))
          .forEach((_, request) -> assertUnauthorized(house().ask(request)));
    }
    requests(owner, ids, owner)
        .forEach((_, request) -> {
          var bare =
              new RawRequest(
                  request.method(),
                  request.target(),
                  request.host(),
                  request.headers().subList(1, 2),
                  request.body());
          assertUnauthorized(house().ask(bare));
          assertUnauthorized(house().ask(request.with("Authorization: Bearer " + owner.token())));
        });
    assertEquals(journaled(owner, before), journaled(owner, house().store().heads()));
    assertEquals("Hello", owner.texts(ids.thread()).getFirst());
  }

  /** Making users journals too, but in partitions of their own tenant. */
  private long journaled(Person owner, Map<Shard, Long> heads) {
    return heads.keySet().stream()
        .flatMap(shard -> house().store().journal(shard, 0, 100_000).stream())
        .filter(row -> row.position() <= heads.getOrDefault(row.shard(), 0L))
        .filter(row -> row.partition().resource().equals(owner.resource().id()))
        .count();
  }

  private static void assertUnauthorized(RawReply reply) {
    assertRefused(401, "Unauthorized", reply);
    assertEquals("Request is not authorized.", json(401, reply).at("/error/message").asText());
  }

  @Test
  default void anAccessKeyIsNoUser() {
    var owner = someone();
    var ids = place(owner, owner.thread());
    requests(owner, ids, owner)
        .forEach((_, request) -> {
          assertUnauthorized(
              house().key(owner.resource(), request.method(), request.target(), Map.of()));
        });
  }

  @Test
  default void strangersAndRemovedMembersAreForbidden() {
    var owner = someone();
    var stranger = beside(owner);
    var removed = beside(owner);
    var thread = owner.thread(removed);
    var ids = place(removed, thread);
    assertEquals(204, owner.remove(thread, removed).status());
    var before = owner.messages(thread);
    requests(stranger, ids, beside(owner))
        .forEach((operation, request) -> {
          if (!WITHOUT_THREAD.contains(operation)) {
            assertForbidden(house().ask(request));
          }
        });
    requests(removed, ids, beside(owner))
        .forEach((operation, request) -> {
          if (HISTORY.contains(operation)) {
            assertEquals(200, house().ask(request).status(), operation);
          } else if (!WITHOUT_THREAD.contains(operation)) {
            assertForbidden(house().ask(request));
          }
        });
    assertEquals(before, owner.messages(thread));
  }

  @Test
  default void anotherResourcesIdsDoNotExist() {
    var owner = someone();
    var ids = place(owner, owner.thread());
    var foreigner = someone();
    var foreignThread = foreigner.thread();
    var nowhere = Person.path("19:acsV1_" + "x".repeat(43) + "@thread.v2");
    var before = owner.messages(ids.thread());
    var there = requests(foreigner, ids, beside(foreigner));
    var absent = requests(foreigner, new Ids(nowhere, ids.message(), ids.image()), foreigner);
    there.forEach((operation, request) -> {
      if (!WITHOUT_THREAD.contains(operation)) {
        var reply = house().ask(request);
        assertForbidden(reply);
        // What exists elsewhere and what exists nowhere are not told apart.
        assertEquals(house().ask(absent.get(operation)).text(), reply.text());
      }
    });
    // In a thread of their own, ids of the other tenant's message, image and user are unknown.
    var mixed = requests(foreigner, new Ids(foreignThread, ids.message(), ids.image()), owner);
    for (var operation :
        List.of(
            "ChatThread_GetChatMessage",
            "ChatThread_UpdateChatMessage",
            "ChatThread_DeleteChatMessage",
            "ChatThread_SendChatReadReceipt",
            "ChatThread_GetChatImage")) {
      assertRefused(404, "NotFound", house().ask(mixed.get(operation)));
    }
    assertEquals(204, house().ask(mixed.get("ChatThread_DeleteChatImage")).status());
    var added = json(201, house().ask(mixed.get("ChatThread_AddChatParticipants")));
    assertEquals("403", added.at("/invalidParticipants/0/code").asText());
    assertEquals(204, house().ask(mixed.get("ChatThread_RemoveChatParticipant")).status());
    assertEquals(before, owner.messages(ids.thread()));
    assertEquals(Set.of(foreigner.id()), foreigner.participants(foreignThread));
    assertEquals(
        200, owner.get(ids.thread() + "/images/" + ids.image() + "/view/original").status());
  }
}
