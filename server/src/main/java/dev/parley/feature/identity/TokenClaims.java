package dev.parley.feature.identity;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.parley.base.kit.Json;
import dev.parley.base.words.Resource;
import dev.parley.base.words.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The payload of a user access token (behaviour.md section 2 of the contracts). Chat and calling
 * clients read {@code skypeid}, {@code acsScope}, {@code exp} and {@code resourceId}; the calling
 * SDK also finds the server by {@code endpoint}.
 *
 * @param rev generation of the user's tokens; it tells apart what was issued before and after a
 *     revocation in the same second
 */
@JsonPropertyOrder({
  "skypeid",
  "scp",
  "csi",
  "exp",
  "iat",
  "acsScope",
  "resourceId",
  "resourceLocation",
  "endpoint",
  "jti",
  "rev"
})
record TokenClaims(
    String skypeid,
    int scp,
    String csi,
    long exp,
    long iat,
    String acsScope,
    String resourceId,
    String resourceLocation,
    String endpoint,
    String jti,
    long rev) {
  // What real tokens carry for users of a communication resource.
  private static final int SCP = 1792;
  private static final String RAW_ID_PREFIX = "8:";

  static TokenClaims of(
      UserKey user,
      long generation,
      Set<Scope> scopes,
      Instant issued,
      Instant expires,
      Resource resource,
      String location,
      String tokenId) {
    return new TokenClaims(
        user.id().substring(RAW_ID_PREFIX.length()),
        SCP,
        Long.toString(issued.getEpochSecond()),
        expires.getEpochSecond(),
        issued.getEpochSecond(),
        scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(",")),
        resource.id().value(),
        location,
        resource.endpoint().toString(),
        tokenId,
        generation);
  }

  /**
   * The payload of a token whose signature is proven, so whatever is wrong with it is our fault.
   */
  static TokenClaims read(String payload) {
    var json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.US_ASCII);
    return Json.read(json, TokenClaims.class);
  }

  /**
   * The second part of the token. The Java SDK decodes it with the decoder for plain base64, which
   * knows neither {@code -} nor {@code _}; see {@link #plain}.
   */
  String payload() {
    var ascii = plain(Json.text(this)).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(ascii);
  }

  String userId() {
    return RAW_ID_PREFIX + skypeid;
  }

  Set<Scope> scopes() {
    var scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(acsScope.split(",", -1))
        .forEach(word -> Scope.ofWord(word).ifPresent(scopes::add));
    return scopes;
  }

  /**
   * The same JSON in ASCII without {@code > ? ~} and DEL: the only ASCII characters whose low six
   * bits are 62 or 63, which is what base64 writes as {@code -} and {@code _}. Outside of texts
   * JSON has none of them, and within texts an escape says the same.
   */
  private static String plain(String json) {
    var text = new StringBuilder(json.length() + 16);
    for (var i = 0; i < json.length(); i++) {
      var c = json.charAt(i);
      if (c == '>' || c == '?' || c >= '~') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
