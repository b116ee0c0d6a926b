package dev.parley.base.bus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ThreadId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Signals as they travel between servers: JSON, with members that older servers may not know. */
final class SignalText {
  static final int BYTES_MAX = 16 << 10;
  private static final String TYPING = "typing";

  private SignalText() {}

  static byte[] write(Signal signal) {
    var json = Json.mapper().createObjectNode();
    switch (signal) {
      case Signal.Typing typing ->
          json.put("kind", TYPING)
              .put("resource", typing.resource().value())
              .put("thread", typing.thread().value())
              .put("user", typing.userId())
              .put("name", typing.senderDisplayName())
              .put("at", typing.at().toEpochMilli())
              .put("version", typing.version())
              .put("membership", typing.membership());
    }
    return Json.text(json).getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for what is no signal that this server knows. */
  static Optional<Signal> read(byte[] text) {
    if (text.length > BYTES_MAX) {
      return Optional.empty();
    }
    try {
      var json = Json.mapper().readTree(text);
      return json.path("kind").asText().equals(TYPING) && isWhole(json)
          ? Optional.of(typing(json))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(JsonNode json) {
    return !json.path("resource").asText().isEmpty()
        && !json.path("thread").asText().isEmpty()
        && !json.path("user").asText().isEmpty();
  }

  private static Signal typing(JsonNode json) {
    return new Signal.Typing(
        new ResourceId(json.path("resource").asText()),
        new ThreadId(json.path("thread").asText()),
        json.path("user").asText(),
        json.path("name").asText(),
        Instant.ofEpochMilli(json.path("at").asLong()),
        json.path("version").asLong(),
        json.path("membership").asLong());
  }
}
