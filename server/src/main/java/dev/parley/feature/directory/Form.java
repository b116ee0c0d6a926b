package dev.parley.feature.directory;

import dev.parley.base.wire.Request;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of an {@code application/x-www-form-urlencoded} body. */
record Form(Map<String, String> values) {
  private static final int PARAMETERS_MAX = 100;

  /**
   * Reads a request's body.
   *
   * @throws OAuthRefusal for a parameter given twice (RFC 6749 section 3.2) or broken escapes
   */
  static Form of(Request request) {
    var values = new HashMap<String, String>();
    var body = new String(request.body(), StandardCharsets.UTF_8);
    for (var part : body.split("&", PARAMETERS_MAX)) {
      var equals = part.indexOf('=');
      if (equals > 0) {
        var name = decoded(part.substring(0, equals));
        if (values.put(name, decoded(part.substring(equals + 1))) != null) {
          throw OAuthRefusal.twice(name);
        }
      }
    }
    return new Form(values);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw OAuthRefusal.missing("a well-formed body");
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return find(name).orElseThrow(() -> OAuthRefusal.missing(name));
  }
}
