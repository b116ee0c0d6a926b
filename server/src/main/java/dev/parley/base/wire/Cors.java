package dev.parley.base.wire;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets pages of configured origins call the data plane (Fetch standard, CORS protocol); never our
 * own operations.
 */
final class Cors {
  /** First segments of our own operations. */
  static final Set<String> OWN = Set.of("parley", "health", "metrics");

  private static final int HEADERS_CHARACTERS_MAX = 2_000;
  private static final String EXPOSED =
      "Location, Operation-Location, Azure-AsyncOperation, ETag, Retry-After, MS-CV, x-ms-request-id, x-ms-client-request-id, x-ms-error-code, api-supported-versions";

  private final Set<String> origins;

  Cors(Set<String> origins) {
    this.origins = origins;
  }

  /** Whether a request is a browser's question before the call. */
  static boolean asks(String method, HttpHeaders headers) {
    return method.equals("OPTIONS")
        && headers.contains("Origin")
        && headers.contains("Access-Control-Request-Method");
  }

  /** The answer to the question; without headers for strangers, which makes the browser refuse. */
  Response preflight(Target target, HttpHeaders headers, Collection<Method> methods) {
    var response = Response.empty(204);
    var origin = headers.get("Origin", "");
    if (!mayCall(target, origin) || methods.isEmpty()) {
      return response;
    }
    var wanted = headers.get("Access-Control-Request-Headers", "");
    if (wanted.length() <= HEADERS_CHARACTERS_MAX && !wanted.isEmpty()) {
      response = response.header("Access-Control-Allow-Headers", wanted);
    }
    return response
        .header(
            "Access-Control-Allow-Methods",
            methods.stream().map(Enum::name).sorted().collect(Collectors.joining(", ")))
        .header("Access-Control-Max-Age", "3600");
  }

  /** What every answer to a page says. */
  Map<String, String> headers(String rawTarget, HttpHeaders headers) {
    var origin = headers.get("Origin");
    if (origin == null || isOwn(rawTarget) || !known(origin)) {
      return Map.of();
    }
    var answer = new LinkedHashMap<String, String>();
    answer.put("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
    answer.put("Access-Control-Expose-Headers", EXPOSED);
    answer.put("Vary", "Origin");
    return answer;
  }

  private boolean mayCall(Target target, String origin) {
    return !OWN.contains(target.segments().getFirst()) && known(origin);
  }

  private boolean known(String origin) {
    return origins.contains("*") || origins.contains(origin);
  }

  private static boolean isOwn(String rawTarget) {
    try {
      return OWN.contains(Target.parse(rawTarget).segments().getFirst());
    } catch (dev.parley.base.words.Refusal _) {
      return true;
    }
  }
}
