package dev.parley.base.wire;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request target, as received and taken apart.
 *
 * @param raw the whole target as it stood on the wire; signatures cover it
 * @param rawPath the path without the query, still encoded, with exactly one leading slash
 * @param segments the path's segments, percent-decoded once; a plus stays a plus
 * @param parameters the query's names and values in order, decoded as a form
 */
record Target(String raw, String rawPath, List<String> segments, List<Parameter> parameters) {
  /** One query parameter. */
  record Parameter(String name, String value) {}

  private static final int PARAMETERS_MAX = 100;

  /**
   * Takes the target apart. Leading slashes may be doubled: some SDKs put a path behind an endpoint
   * that ends in one.
   *
   * @throws dev.parley.base.words.Refusal 400 when it is no path, or badly encoded
   */
  static Target parse(String raw) {
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      throw WireProblems.badRequest("The request target must be a path.");
    }
    var fragment = raw.indexOf('#');
    if (fragment >= 0) {
      throw WireProblems.badRequest("The request target must have no fragment.");
    }
    var question = raw.indexOf('?');
    var path = question < 0 ? raw : raw.substring(0, question);
    var start = 0;
    while (start + 1 < path.length() && path.charAt(start + 1) == '/') {
      start++;
    }
    var rawPath = path.substring(start);
    var segments = new ArrayList<String>();
    for (var segment : rawPath.substring(1).split("/", -1)) {
      segments.add(decoded(segment, false));
    }
    return new Target(
        raw, rawPath, segments, question < 0 ? List.of() : query(raw.substring(question + 1)));
  }

  /** The first value of a parameter. */
  Optional<String> parameter(String name) {
    for (var parameter : parameters) {
      if (parameter.name().equals(name)) {
        return Optional.of(parameter.value());
      }
    }
    return Optional.empty();
  }

  /**
   * The target as JavaScript clients sign it: their URL class writes the query anew as a form, so
   * that a blank becomes a plus and only letters, digits and {@code * - . _} stay as they are.
   */
  String formEncoded() {
    var question = raw.indexOf('?');
    if (question < 0) {
      return raw;
    }
    return raw.substring(0, question + 1) + form(parameters);
  }

  /** Parameters as a form-encoded query. */
  static String form(List<Parameter> parameters) {
    var query = new ArrayList<String>();
    for (var parameter : parameters) {
      query.add(formText(parameter.name()) + "=" + formText(parameter.value()));
    }
    return String.join("&", query);
  }

  private static String formText(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<Parameter> query(String query) {
    var parameters = new ArrayList<Parameter>();
    for (var part : query.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      if (parameters.size() == PARAMETERS_MAX) {
        throw WireProblems.badRequest("The query has too many parameters.");
      }
      var equals = part.indexOf('=');
      parameters.add(
          new Parameter(
              decoded(equals < 0 ? part : part.substring(0, equals), true),
              equals < 0 ? "" : decoded(part.substring(equals + 1), true)));
    }
    return parameters;
  }

  /** Percent-decodes once; refuses broken escapes, bytes that are no UTF-8, and NUL. */
  private static String decoded(String text, boolean form) {
    if (text.indexOf('%') < 0 && (!form || text.indexOf('+') < 0) && isAscii(text)) {
      return text;
    }
    var bytes = ByteBuffer.allocate(text.length());
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '%') {
        bytes.put((byte) ((hex(text, i + 1) << 4) | hex(text, i + 2)));
        i += 2;
      } else if (c == '+' && form) {
        bytes.put((byte) ' ');
      } else {
        // Netty hands on each byte of the line as one character.
        bytes.put((byte) c);
      }
    }
    try {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      var decoded = decoder.decode(bytes.flip()).toString();
      if (decoded.indexOf('\0') >= 0) {
        throw WireProblems.badRequest("The request target holds a NUL character.");
      }
      return decoded;
    } catch (CharacterCodingException _) {
      throw WireProblems.badRequest("The request target is not valid UTF-8.");
    }
  }

  private static int hex(String text, int index) {
    var digit = index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
    if (digit < 0) {
      throw WireProblems.badRequest("The request target holds a broken percent escape.");
    }
    return digit;
  }

  private static boolean isAscii(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) == 0 || text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
