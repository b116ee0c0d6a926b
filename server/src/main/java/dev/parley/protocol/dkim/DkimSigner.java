package dev.parley.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Signs messages: relaxed canonicalisation of headers and body, one header field for each key. */
public final class DkimSigner {
  /**
   * What is signed where it is there (RFC 6376 section 5.4.1); {@code from} once more, so that none
   * can be added.
   */
  private static final List<String> SIGNED =
      List.of(
          "from",
          "to",
          "cc",
          "subject",
          "date",
          "message-id",
          "reply-to",
          "in-reply-to",
          "references",
          "mime-version",
          "content-type",
          "content-transfer-encoding",
          "list-unsubscribe",
          "list-unsubscribe-post");

  private record Field(String name, String value) {}

  private DkimSigner() {}

  /**
   * The header fields to put before the message, each with its CRLF; empty without keys.
   *
   * @param header of the message, with CRLF
   * @param bodyHash see {@link DkimBody}
   */
  public static String sign(byte[] header, byte[] bodyHash, List<DkimKey> keys, Instant now) {
    if (keys.isEmpty()) {
      return "";
    }
    var fields = fields(header);
    var hash = Base64.getEncoder().encodeToString(bodyHash);
    var signed = new StringBuilder();
    for (var key : keys) {
      signed.append(sign(key, fields, hash, now));
    }
    return signed.toString();
  }

  private static String sign(DkimKey key, List<Field> fields, String bodyHash, Instant now) {
    var names = new ArrayList<String>();
    var hashed = new StringBuilder();
    for (var name : SIGNED) {
      // From the bottom up, as verifiers look for them (RFC 6376 section 5.4.2).
      for (var field : fields.reversed()) {
        if (field.name().equals(name)) {
          names.add(name);
          hashed.append(relaxed(field)).append("\r\n");
        }
      }
    }
    names.add("from");
    var value =
        "v=1; a=%s; c=relaxed/relaxed; d=%s; s=%s; t=%d;\r\n h=%s;\r\n bh=%s;\r\n b="
            .formatted(
                key.algorithm().word(),
                key.domain(),
                key.selector(),
                now.getEpochSecond(),
                folded(String.join(":", names)),
                bodyHash);
    hashed.append(relaxed(new Field("dkim-signature", value)));
    var signature = signature(key, hashed.toString().getBytes(StandardCharsets.ISO_8859_1));
    return "DKIM-Signature: " + value + wrapped(signature) + "\r\n";
  }

  private static String signature(DkimKey key, byte[] header) {
    try {
      // Ed25519 signs the hash itself (RFC 8463 section 3); RSA hashes on its own.
      var signed = key.algorithm() == DkimKey.Algorithm.ED25519 ? sha256().digest(header) : header;
      return Base64.getEncoder().encodeToString(key.signing().sign(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The message cannot be signed.", e);
    }
  }

  private static String folded(String names) {
    return names.length() < 70 ? names : names.replaceAll("(.{50,70}?:)", "$1\r\n  ");
  }

  private static String wrapped(String base64) {
    return base64.replaceAll("(.{72})(?=.)", "$1\r\n ");
  }

  private static String relaxed(Field field) {
    var unfolded = field.value().replaceAll("\r\n(?=[ \t])", "");
    return field.name() + ":" + unfolded.replaceAll("[ \t]+", " ").strip();
  }

  private static List<Field> fields(byte[] header) {
    var text = new String(header, StandardCharsets.ISO_8859_1);
    var fields = new ArrayList<Field>();
    for (var field : text.split("\r\n(?![ \t])", -1)) {
      var colon = field.indexOf(':');
      if (colon > 0) {
        fields.add(
            new Field(
                field.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                field.substring(colon + 1)));
      }
    }
    return fields;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
