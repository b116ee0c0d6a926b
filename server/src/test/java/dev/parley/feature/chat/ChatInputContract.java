package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Bodies that no client of the contract sends: each gets the service's code and changes nothing.
 */
interface ChatInputContract extends ChatWorld {
  /** Operations that read a body, with their paths below a thread; images read bytes. */
  private static List<RawRequest> bodies(
      Person person, String thread, String message, String body) {
    var all = new ArrayList<RawRequest>();
    all.add(person.request("POST", "/chat/threads", body));
    all.add(person.request("PATCH", thread, body));
    all.add(person.request("POST", thread + "/messages", body));
    all.add(person.request("PATCH", thread + "/messages/" + message, body));
    all.add(person.request("POST", thread + "/participants/:add", body));
    all.add(person.request("POST", thread + "/participants/:remove", body));
    all.add(person.request("POST", thread + "/typing", body));
    all.add(person.request("POST", thread + "/readReceipts", body));
    return all;
  }

  @Test
  default void brokenJsonIsABadRequest() {
    var person = someone();
    var thread = person.thread();
    var message = person.send(thread, "stays");
    var before = person.messages(thread);
    for (var body :
        List.of(
            "{",
            "{\"content\":\"a\"",
            "{\"content\":\"a\"}}",
            "{\"content\":\"a\"} {\"content\":\"b\"}",
            "null",
            "5",
            "\"text\"",
            "[1,2]",
            "{\"content\":\"a\",\"content\":\"b\",\"topic\":\"c\",\"topic\":\"d\",\"participants\":[],\"participants\":[]}",
            "{\"content\":\"\\ud800\",\"topic\":\"\\ud800\",\"x\":\"\\ud800\"}",
            "{\"x\":\"\\udc00\\ud800\"}",
            "{\"x\":\"\\u0000\"}",
            "{\"x\":\"a\0b\"}",
            "{'x':1}",
            "{\"x\":NaN}",
            "{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}",
            "{\"a\":".repeat(2000) + "1" + "}".repeat(2000),
            "<xml/>")) {
      for (var request : bodies(person, thread, message, body)) {
        assertRefused(400, "BadRequest", house().ask(request));
      }
    }
    for (var request : bodies(person, thread, message, "x")) {
      byte[] notUtf8 = {'{', '"', 'x', '"', ':', '"', (byte) 0xc3, (byte) 0x28, '"', '}'};
      assertRefused(400, "BadRequest", house().ask(request.body(notUtf8)));
    }
    assertEquals(before, person.messages(thread));
    assertEquals(1, person.all("/chat/threads").size());
  }

  @Test
  default void anotherContentTypeIsRefused() {
    var person = someone();
    var thread = person.thread();
    var message = person.send(thread, "stays");
    for (var type :
        List.of(
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "application/jsonx",
            "",
            "x")) {
      for (var request : bodies(person, thread, message, "{}")) {
        var headers = List.of(request.headers().getFirst(), "Content-Type: " + type);
        var other =
            new RawRequest(
                request.method(), request.target(), request.host(), headers, request.body());
        assertRefused(415, "UnsupportedMediaType", house().ask(other));
      }
    }
    for (var type : List.of("application/json; charset=utf-8", "Application/JSON")) {
      var body = "{\"content\":\"a\"}".getBytes(StandardCharsets.UTF_8);
      json(201, house().ask(person.request("POST", thread + "/messages", type, body)));
    }
    var patch = "{\"topic\":\"b\"}".getBytes(StandardCharsets.UTF_8);
    json(204, house().ask(person.request("PATCH", thread, "application/json", patch)));
  }

  @Test
  default void tenMegabytesAreTooMuch() {
    var person = someone();
    var thread = person.thread();
    var body = "{\"content\":\"" + "x".repeat(10 << 20) + "\"}";
    for (var request : bodies(person, thread, "1", body).subList(1, 4)) {
      assertRefused(413, "RequestEntityTooLarge", house().ask(request));
    }
    assertEquals(2, person.messages(thread).size());
  }

  @Test
  default void membersOfOtherShapesAreRefusedWithoutHarm() {
    var person = someone();
    var thread = person.thread();
    var odd =
        List.of(
            "null", "5", "true", "[]", "{}", "[null]", "[5]", "[[]]", "\"\"", "\"x\"", "-1e400");
    var replies = new ArrayList<RawReply>();
    for (var value : odd) {
      for (var member : List.of("topic", "participants", "metadata", "retentionPolicy")) {
        var body = "{\"topic\":\"A\",\"%s\":%s}".formatted(member, value);
        replies.add(
            person.post(
                "/chat/threads", member.equals("topic") ? "{\"topic\":" + value + "}" : body));
      }
      for (var member :
          List.of("content", "type", "senderDisplayName", "metadata", "attachments")) {
        var body = "{\"content\":\"A\",\"%s\":%s}".formatted(member, value);
        replies.add(
            person.post(
                thread + "/messages",
                member.equals("content") ? "{\"content\":" + value + "}" : body));
      }
      replies.add(person.post(thread + "/participants/:add", "{\"participants\":" + value + "}"));
      for (var member :
          List.of("communicationIdentifier", "displayName", "shareHistoryTime", "metadata")) {
        replies.add(
            person.post(
                thread + "/participants/:add",
                "{\"participants\":[{\"%s\":%s}]}".formatted(member, value)));
      }
      replies.add(
          person.post(thread + "/participants/:remove", "{\"communicationUser\":" + value + "}"));
      replies.add(person.post(thread + "/readReceipts", "{\"chatMessageId\":" + value + "}"));
      replies.add(person.post(thread + "/typing", "{\"senderDisplayName\":" + value + "}"));
    }
    for (var reply : replies) {
      assertTrue(reply.status() < 500, () -> reply.status() + reply.text());
    }
    assertEquals(Set.of(person.id()), person.participants(thread));
    json(200, person.get(thread));
  }

  @Test
  default void theApiVersionIsAsked() {
    var person = someone();
    var thread = person.thread();
    var versions = new LinkedHashMap<String, Integer>();
    versions.put("", 400);
    versions.put("?api-version=", 400);
    versions.put("?api-version=latest", 400);
    versions.put("?api-version=2020-01-01", 400);
    versions.put("?api-version=2025-13-45", 400);
    versions.put("?api-version=2021-03-07", 200);
    versions.put("?api-version=2023-11-07", 200);
    versions.put("?api-version=2024-06-05-preview", 200);
    versions.put("?api-version=2025-03-15", 200);
    versions.put("?api-version=2031-01-01", 200);
    versions.put("?api-version=2031-01-01-preview", 200);
    versions.forEach((query, status) -> {
      var request = person.request("GET", thread, "");
      var target = request.target().substring(0, request.target().indexOf('?')) + query;
      var reply =
          house()
              .ask(new RawRequest("GET", target, request.host(), request.headers(), new byte[0]));
      assertEquals(status, reply.status(), query + reply.text());
      if (status == 200) {
        assertTrue(reply.header("api-supported-versions").contains("2025-03-15"));
      }
    });
  }

  @Test
  default void idsComeRawOrEncodedAndBehindTwoSlashes() {
    var person = someone();
    var thread = person.thread();
    var raw = URLDecoder.decode(thread, StandardCharsets.UTF_8);
    json(200, person.get(raw));
    json(200, person.get("/" + thread));
    json(200, person.get("/" + raw));
    json(201, person.post("/" + raw + "/messages", Map.of("content", "a")));
    Person.assertForbidden(person.get(thread.replace("%40", "%2540")));
  }
}
