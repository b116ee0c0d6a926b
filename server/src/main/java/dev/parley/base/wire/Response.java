package dev.parley.base.wire;

import dev.parley.base.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param contentType empty text when there is no body
 */
public record Response(int status, String contentType, byte[] body, Map<String, String> headers)
    implements Answer {
  /** JSON of a record. */
  public static Response json(int status, Object value) {
    return new Response(status, "application/json; charset=utf-8", Json.bytes(value), Map.of());
  }

  /** A status alone. */
  public static Response empty(int status) {
    return new Response(status, "", new byte[0], Map.of());
  }

  /** Plain UTF-8 text. */
  public static Response text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of a media type. */
  public static Response bytes(int status, String contentType, byte[] body) {
    return new Response(status, contentType, body, Map.of());
  }

  /** The same with one more header. */
  public Response header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, contentType, body, more);
  }
}
