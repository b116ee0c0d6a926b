package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.base.kit.Json;
import java.util.Optional;

/**
 * What a client answers to an event it was sent; the receipt of the event.
 *
 * @param id of the request
 * @param status 200 when it was handled, 404 when the client knows no such event or cannot read it,
 *     504 when the application was not ready for it
 */
record ClientResponse(long id, int status) {
  private static final String ID = "{\"id\":";
  private static final String STATUS = ",\"status\":";
  private static final int DIGITS_MAX = 15;

  /** Reads the data of a message packet; empty for what is no response. */
  static Optional<ClientResponse> parse(String json) {
    // Clients write id and status first, so that a full reading is rarely needed.
    if (json.startsWith(ID)) {
      var idEnd = digitsEnd(json, ID.length());
      if (idEnd > ID.length() && json.startsWith(STATUS, idEnd)) {
        var statusStart = idEnd + STATUS.length();
        var statusEnd = digitsEnd(json, statusStart);
        if (statusEnd > statusStart && statusEnd - statusStart <= 4) {
          return Optional.of(
              new ClientResponse(
                  Long.parseLong(json, ID.length(), idEnd, 10),
                  Integer.parseInt(json, statusStart, statusEnd, 10)));
        }
      }
    }
    return parseWhole(json);
  }

  private static int digitsEnd(String text, int start) {
    var end = start;
    while (end < text.length()
        && end - start < DIGITS_MAX
        && text.charAt(end) >= '0'
        && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static Optional<ClientResponse> parseWhole(String json) {
    try {
      var node = Json.mapper().readTree(json);
      var id = node.path("id");
      var status = node.path("status");
      return id.canConvertToLong() && status.canConvertToInt()
          ? Optional.of(new ClientResponse(id.asLong(), status.asInt()))
          : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }
}
