package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Signs requests with an access key as the official clients do, written anew from the contract. */
public record Signer(Secret key, Instant date) {
  private static final DateTimeFormatter RFC_1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  public Signer(Secret key) {
    this(key, Instant.now());
  }

  /** The request with the headers of its signature, over the target as sent. */
  public RawRequest sign(RawRequest request) {
    return sign(request, request.target());
  }

  /** The same, over another form of the target. */
  public RawRequest sign(RawRequest request, String target) {
    return request.with(headers(request, target, "x-ms-date"));
  }

  /** Lines for the date, the hash and the signature. */
  public List<String> headers(RawRequest request, String target, String dateName) {
    var dated = RFC_1123.format(date);
    var hash = sha256(request.body());
    var text = request.method() + "\n" + target + "\n" + dated + ";" + request.host() + ";" + hash;
    return List.of(
        dateName + ": " + dated,
        "x-ms-content-sha256: " + hash,
        authorization(dateName + ";host;x-ms-content-sha256", text));
  }

  public String authorization(String signedHeaders, String text) {
    var signature =
        Base64.getEncoder().encodeToString(key.hmacSha256(text.getBytes(StandardCharsets.UTF_8)));
    return "Authorization: HMAC-SHA256 SignedHeaders=" + signedHeaders + "&Signature=" + signature;
  }

  public static String sha256(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
