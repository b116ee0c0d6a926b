package dev.parley.base.wire;

import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Verifies {@code HMAC-SHA256 SignedHeaders=...&Signature=...}, the access-key scheme of Azure
 * Communication Services.
 *
 * <p>The string to sign is method, target, and the values of the signed headers. JavaScript clients
 * sign another form of the query than they send, Java clients sign (and send) a host without port,
 * so the target is tried in both forms and headers are taken as received. The header carries no key
 * id: both keys of the resource are tried.
 */
final class HmacVerifier {
  private static final String SCHEME = "HMAC-SHA256 ";
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final int SIGNED_HEADERS_MAX = 10;
  private static final List<KeySlot> KEYS = List.of(KeySlot.PRIMARY, KeySlot.SECONDARY);

  private record Signed(List<String> headers, byte[] signature) {}

  private final ResourceDirectory resources;
  private final InstantSource clock;

  HmacVerifier(ResourceDirectory resources, InstantSource clock) {
    this.resources = resources;
    this.clock = clock;
  }

  static boolean handles(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * Which key signed the request.
   *
   * @throws Refusal 401 when none did
   */
  AccessKey verify(
      Resource resource, Method method, Target target, HttpHeaders headers, byte[] body) {
    var signed = parse(one(headers, "Authorization").substring(SCHEME.length()));
    checkBody(one(headers, "x-ms-content-sha256"), body);
    checkDate(dateHeader(signed.headers(), headers));
    var values = new ArrayList<String>();
    for (var name : signed.headers()) {
      values.add(one(headers, name));
    }
    var tail = "\n" + String.join(";", values);
    var received = method.name() + "\n" + target.raw() + tail;
    var forms = List.of(received, method.name() + "\n" + target.formEncoded() + tail);
    for (var slot : KEYS) {
      var key = resources.key(resource.id(), slot);
      if (key.isPresent() && signedBy(key.get(), forms, signed.signature())) {
        return key.get();
      }
    }
    throw WireProblems.denied(
        "The request's signature does not match.",
        "no key of resource "
            + resource.name()
            + " gives this signature; the string to sign was "
            + received.replace("\n", "\\n"));
  }

  private static boolean signedBy(AccessKey key, List<String> forms, byte[] signature) {
    var matches = false;
    for (var form : forms) {
      var expected = key.secret().hmacSha256(form.getBytes(StandardCharsets.UTF_8));
      matches |= MessageDigest.isEqual(expected, signature);
    }
    return matches;
  }

  private static Signed parse(String parameters) {
    var headers = List.<String>of();
    byte[] signature = {};
    var seen = new HashSet<String>();
    for (var parameter : parameters.split("&", 3)) {
      var equals = parameter.indexOf('=');
      var name = equals < 0 ? "" : parameter.substring(0, equals).strip();
      var value = parameter.substring(equals + 1).strip();
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw malformed("the part " + name + " is there twice");
      }
      switch (name.toLowerCase(Locale.ROOT)) {
        case "signedheaders" -> headers = List.of(value.toLowerCase(Locale.ROOT).split(";", -1));
        case "signature" -> signature = signature(value);
        default -> throw malformed("the Authorization header has a part \"" + name + "\"");
      }
    }
    if (headers.size() > SIGNED_HEADERS_MAX) {
      throw malformed("too many signed headers");
    }
    var date = headers.contains("x-ms-date") || headers.contains("date");
    if (!date || !headers.contains("host") || !headers.contains("x-ms-content-sha256")) {
      throw malformed(
          "SignedHeaders are " + headers + "; date, host and x-ms-content-sha256 are needed");
    }
    return new Signed(headers, signature);
  }

  private static byte[] signature(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw malformed("the signature is no base64");
    }
  }

  private void checkDate(String text) {
    Instant date;
    try {
      date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException _) {
      throw malformed("the signed date is no RFC 1123 date");
    }
    var skew = Duration.between(date, clock.instant());
    if (skew.abs().compareTo(SKEW) > 0) {
      throw WireProblems.denied(
          "The request's date is too far from the current time.",
          "the request is dated %s, %s s off; 15 minutes are allowed"
              .formatted(date, skew.toSeconds()));
    }
  }

  private static String dateHeader(List<String> signed, HttpHeaders headers) {
    return one(headers, signed.contains("x-ms-date") ? "x-ms-date" : "date");
  }

  private static void checkBody(String said, byte[] body) {
    var hash = sha256(body);
    if (!MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.UTF_8), said.getBytes(StandardCharsets.UTF_8))) {
      throw WireProblems.denied(
          "Request 'x-ms-content-sha256' differs from generated content hash.",
          "the body of " + body.length + " bytes hashes to " + hash);
    }
  }

  /** Base64 of a body's SHA-256. */
  static String sha256(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** A header that must be there exactly once: of two, nobody knows which one was signed. */
  private static String one(HttpHeaders headers, String name) {
    var values = headers.getAll(name);
    if (values.size() != 1) {
      throw malformed("the header " + name + " is there " + values.size() + " times");
    }
    return values.getFirst();
  }

  private static Refusal malformed(String why) {
    return WireProblems.denied("The request's signature is missing or malformed.", why);
  }
}
