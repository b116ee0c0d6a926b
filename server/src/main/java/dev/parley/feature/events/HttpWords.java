package dev.parley.feature.events;

import java.util.Map;

/** Names of statuses, as the Event Grid writes the outcome of a delivery. */
final class HttpWords {
  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(301, "MovedPermanently"),
          Map.entry(302, "Redirect"),
          Map.entry(307, "TemporaryRedirect"),
          Map.entry(308, "PermanentRedirect"),
          Map.entry(400, "BadRequest"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "NotFound"),
          Map.entry(405, "MethodNotAllowed"),
          Map.entry(408, "RequestTimeout"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "PayloadTooLarge"),
          Map.entry(415, "UnsupportedMediaType"),
          Map.entry(429, "Busy"),
          Map.entry(500, "InternalServerError"),
          Map.entry(501, "NotImplemented"),
          Map.entry(502, "BadGateway"),
          Map.entry(503, "ServiceUnavailable"),
          Map.entry(504, "GatewayTimeout"));

  private HttpWords() {}

  static String of(int status) {
    return WORDS.getOrDefault(status, "Status" + status);
  }
}
