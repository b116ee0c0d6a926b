package dev.parley.feature.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A user with a token, who asks over HTTP as an SDK would. */
record Person(ChatHouse house, Resource resource, String id, String token) {
  static final String VERSION = "2025-03-15";

  /** A request with the person's token; {@code body} is JSON text, or empty. */
  RawRequest request(String method, String path, String body) {
    var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    return request(method, path, type, body.getBytes(StandardCharsets.UTF_8));
  }

  RawRequest request(String method, String path, String type, byte[] body) {
    var target = path + (path.contains("?") ? "&" : "?") + "api-version=" + VERSION;
    return new RawRequest(
        method,
        target,
        ChatHouse.host(resource),
        List.of("Authorization: Bearer " + token, "Content-Type: " + type),
        body);
  }

  RawReply get(String path) {
    return house.ask(request("GET", path, ""));
  }

  RawReply post(String path, Object body) {
    return house.ask(request("POST", path, text(body)));
  }

  RawReply patch(String path, Object body) {
    return house.ask(request("PATCH", path, text(body)));
  }

  RawReply delete(String path) {
    return house.ask(request("DELETE", path, ""));
  }

  private static String text(Object body) {
    return body instanceof String raw ? raw : Json.text(body);
  }

  /** Follows a link as it is. */
  RawReply follow(String link) {
    var target = link.substring(link.indexOf('/', "https://".length()));
    return house.ask(
        new RawRequest(
            "GET",
            target,
            ChatHouse.host(resource),
            List.of("Authorization: Bearer " + token),
            new byte[0]));
  }

  /** The JSON of an answer that must have this status. */
  static JsonNode json(int status, RawReply reply) {
    assertEquals(status, reply.status(), reply::text);
    try {
      return reply.json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void assertRefused(int status, String code, RawReply reply) {
    var json = json(status, reply);
    assertEquals(code, json.at("/error/code").asText(), reply::text);
    assertEquals(code, reply.header("x-ms-error-code"));
  }

  static void assertForbidden(RawReply reply) {
    assertRefused(403, "Forbidden", reply);
    assertEquals(
        "User is not allowed to perform specified action.",
        json(403, reply).at("/error/message").asText());
  }

  /** A participant as the SDKs send one. */
  static Map<String, Object> participant(String id) {
    return Map.of(
        "communicationIdentifier", Map.of("rawId", id, "communicationUser", Map.of("id", id)));
  }

  static Map<String, Object> participant(Person person) {
    return participant(person.id());
  }

  /** A new thread with these others in it; gives its path. */
  String thread(Person... others) {
    var participants = new ArrayList<Object>();
    for (var other : others) {
      participants.add(participant(other));
    }
    var body = Map.of("topic", "A thread", "participants", participants);
    return path(json(201, post("/chat/threads", body)).at("/chatThread/id").asText());
  }

  static String path(String threadId) {
    return "/chat/threads/" + URLEncoder.encode(threadId, StandardCharsets.UTF_8);
  }

  /** The id of a message that is sent now. */
  String send(String thread, String text) {
    return json(201, post(thread + "/messages", Map.of("content", text))).path("id").asText();
  }

  List<JsonNode> messages(String thread) {
    return all(thread + "/messages");
  }

  /** What was written, newest first; without system messages. */
  List<String> texts(String thread) {
    return messages(thread).stream()
        .filter(message -> message.path("type").asText().equals("text"))
        .map(message -> message.at("/content/message").asText())
        .toList();
  }

  /** All items of a list, page by page. */
  List<JsonNode> all(String path) {
    var items = new ArrayList<JsonNode>();
    var page = json(200, get(path));
    while (true) {
      page.path("value").forEach(items::add);
      if (!page.has("nextLink")) {
        return items;
      }
      page = json(200, follow(page.path("nextLink").asText()));
    }
  }

  RawReply add(String thread, Object... participants) {
    return post(thread + "/participants/:add", Map.of("participants", List.of(participants)));
  }

  RawReply remove(String thread, Person other) {
    return post(thread + "/participants/:remove", Map.of("rawId", other.id()));
  }

  /** Those who are in a thread; their order tells nothing about who came at the same time. */
  Set<String> participants(String thread) {
    return all(thread + "/participants").stream()
        .map(item -> item.at("/communicationIdentifier/rawId").asText())
        .collect(Collectors.toSet());
  }

  /** The same person at the front door. */
  Caller.User caller() {
    return new Caller.User(
        resource.id(),
        new CommunicationUser(id),
        Set.of(Scope.CHAT),
        new Origin(id, "PRIMARY", "test"));
  }
}
