package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of a request, each with its bound. */
final class Fields {
  private static final int NAME_CHARACTERS_MAX = 256;
  private static final int RAW_ID_CHARACTERS_MAX = 256;
  private static final int HEADERS_MAX = 5;
  private static final Pattern ACS_USER =
      Pattern.compile("8:acs:[0-9A-Za-z-]{1,64}_[0-9A-Za-z-]{1,64}");

  private Fields() {}

  static String text(JsonNode body, String name, int charactersMax) {
    var node = body.path(name);
    if (!node.isTextual()
        || node.textValue().isEmpty()
        || node.textValue().length() > charactersMax) {
      throw CallProblem.malformed(
          "The member %s must be text of 1 to %d characters.".formatted(name, charactersMax));
    }
    return node.textValue();
  }

  static String textIf(JsonNode body, String name, int charactersMax, String otherwise) {
    return body.path(name).isMissingNode() || body.path(name).isNull()
        ? otherwise
        : text(body, name, charactersMax);
  }

  static String displayName(JsonNode body, String otherwise) {
    return textIf(body, "displayName", NAME_CHARACTERS_MAX, otherwise);
  }

  static boolean flag(JsonNode body, String name) {
    var node = body.path(name);
    if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
      throw CallProblem.malformed("The member " + name + " must be true or false.");
    }
    return node.asBoolean(false);
  }

  static long number(JsonNode body, String name, long min, long max) {
    var node = body.path(name);
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < min
        || node.longValue() > max) {
      throw CallProblem.malformed(
          "The member %s must be a whole number from %d to %d.".formatted(name, min, max));
    }
    return node.longValue();
  }

  /** The raw id of a user of a communication resource, which alone can be called. */
  static String user(JsonNode node) {
    var raw = node.isTextual() ? node.textValue() : "";
    if (raw.startsWith("4:")) {
      throw CallProblem.lacking("This server has no telephone line for calls.");
    }
    if (raw.length() > RAW_ID_CHARACTERS_MAX || !ACS_USER.matcher(raw).matches()) {
      throw CallProblem.malformed("The raw id must be that of a communication user.");
    }
    return raw;
  }

  static List<String> users(JsonNode body, String name, int max) {
    var node = body.path(name);
    if (!node.isArray() || node.isEmpty() || node.size() > max) {
      throw CallProblem.malformed(
          "The member %s must be a list of 1 to %d raw ids.".formatted(name, max));
    }
    var users = new LinkedHashSet<String>();
    node.forEach(one -> users.add(user(one)));
    return List.copyOf(users);
  }

  /** Participants by id or raw id; empty where the member is absent. */
  static List<Member> members(Call call, JsonNode body, String name) {
    var node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    if (!node.isArray() || node.isEmpty() || node.size() > CallingConfig.PARTICIPANTS_MAX) {
      throw CallProblem.malformed("The member " + name + " must be a list of participants.");
    }
    var members = new LinkedHashSet<Member>();
    for (var one : node) {
      var named = call.roster.named(one.asText());
      if (named.isEmpty()) {
        throw new CallProblem(EndReason.NO_SUCH_PARTICIPANT);
      }
      members.addAll(named);
    }
    return new ArrayList<>(members);
  }

  static @Nullable ObjectNode customContext(JsonNode body) {
    var node = body.path("customContext");
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isObject()) {
      throw CallProblem.malformed("The member customContext must be an object.");
    }
    var json = Notices.object();
    var userToUser = textIf(node, "userToUser", 1024, "");
    if (!userToUser.isEmpty()) {
      json.put("userToUser", userToUser);
    }
    headers(node, json, "voipHeaders");
    headers(node, json, "sipHeaders");
    return json;
  }

  private static void headers(JsonNode from, ObjectNode to, String name) {
    var node = from.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return;
    }
    if (!node.isObject() || node.size() > HEADERS_MAX) {
      throw CallProblem.malformed(
          "The member %s must be an object of at most %d headers.".formatted(name, HEADERS_MAX));
    }
    var headers = to.putObject(name);
    for (var header : node.properties()) {
      if (header.getKey().isEmpty()
          || header.getKey().length() > 64
          || !header.getValue().isTextual()
          || header.getValue().textValue().length() > 1024) {
        throw CallProblem.malformed("A header of " + name + " is malformed.");
      }
      headers.put(header.getKey(), header.getValue().textValue());
    }
  }
}
