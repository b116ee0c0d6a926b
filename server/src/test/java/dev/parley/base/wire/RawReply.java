package dev.parley.base.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An answer as it came.
 *
 * @param headers by lower-case name
 */
public record RawReply(int status, Map<String, List<String>> headers, byte[] body) {
  /** The one value of a header; empty text when it is not there. */
  public String header(String name) {
    var values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new AssertionError("The header " + name + " is there twice: " + values);
    }
    return values.isEmpty() ? "" : values.getFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() throws IOException {
    return Json.mapper().readTree(body);
  }

  /** The code of the error envelope. */
  public String code() throws IOException {
    return json().path("error").path("code").asText();
  }
}
