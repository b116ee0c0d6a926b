package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Messages to clients, as {@code docs/calling-protocol.md} has them. */
final class Notices {
  private Notices() {}

  static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  /** A notification about a call. */
  static ObjectNode of(String on, String callId) {
    return object().put("on", on).put("callId", callId);
  }

  /** Without the opening brace, as {@link Agent#tell} takes it. */
  static byte[] body(ObjectNode notification) {
    return Json.text(notification).substring(1).getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode ended(String on, String callId, EndReason reason) {
    var json = of(on, callId);
    json.set("reason", reason.json());
    return json;
  }

  static ObjectNode list(String on, String callId, Collection<String> participants) {
    var json = of(on, callId);
    participants.forEach(json.putArray("participants")::add);
    return json;
  }

  static String ok(long id, ObjectNode answer) {
    var json = object().put("id", id);
    json.set("ok", answer);
    return Json.text(json);
  }

  static String error(long id, EndReason reason) {
    var json = object().put("id", id);
    json.set("error", reason.json());
    return Json.text(json);
  }
}
