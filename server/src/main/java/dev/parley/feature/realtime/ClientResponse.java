package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.base.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client answers to an event it was sent; the receipt of the event.
 *
 * @param id of the request
 * @param status 200 when it was handled, 404 when the client knows no such event or cannot read it,
 *     504 when the application was not ready for it
 */
record ClientResponse(long id, int status) {
  private static final byte[] ID = "3:::{\"id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATUS = ",\"status\":".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_DIGITS = 3;

  /**
   * Reads a packet of the form that clients use, id and status first, where it lies; null for any
   * other packet, which may be a response all the same.
   */
  static @Nullable ClientResponse read(byte[] packet, int length) {
    if (!begins(packet, 0, length, ID)) {
      return null;
    }
    var idEnd = Decimal.end(packet, ID.length, length);
    if (idEnd == ID.length || !begins(packet, idEnd, length, STATUS)) {
      return null;
    }
    var status = idEnd + STATUS.length;
    var statusEnd = Decimal.end(packet, status, length);
    return statusEnd - status == STATUS_DIGITS && packet[length - 1] == '}'
        ? new ClientResponse(
            Decimal.number(packet, ID.length, idEnd),
            (int) Decimal.number(packet, status, statusEnd))
        : null;
  }

  private static boolean begins(byte[] text, int from, int length, byte[] with) {
    return length - from >= with.length
        && Arrays.equals(text, from, from + with.length, with, 0, with.length);
  }

  /** Reads the data of a message packet; empty for what is no response. */
  static Optional<ClientResponse> parse(String json) {
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
