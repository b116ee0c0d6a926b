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
   * @param message with CRLF
   */
  public static String sign(byte[] message, List<DkimKey> keys, Instant now) {
    if (keys.isEmpty()) {
      return "";
    }
    var body = bodyStart(message);
    var fields = fields(message, body);
    var bodyHash = Base64.getEncoder().encodeToString(bodyHash(message, body));
    var signed = new StringBuilder();
    for (var key : keys) {
      signed.append(sign(key, fields, bodyHash, now));
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

  private static int bodyStart(byte[] message) {
    for (var i = 0; i + 3 < message.length; i++) {
      if (message[i] == '\r'
          && message[i + 1] == '\n'
          && message[i + 2] == '\r'
          && message[i + 3] == '\n') {
        return i + 4;
      }
    }
    return message.length;
  }

  private static List<Field> fields(byte[] message, int end) {
    var text = new String(message, 0, end, StandardCharsets.ISO_8859_1);
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

  /**
   * RFC 6376 section 3.4.4: blanks shrink to one, none at the end of a line, no empty lines at the
   * end.
   */
  private static byte[] bodyHash(byte[] message, int from) {
    var digest = sha256();
    var emptyLines = 0;
    var line = new byte[1 << 10];
    for (var at = from; at < message.length; ) {
      var length = 0;
      var blank = false;
      while (at < message.length
          && !(message[at] == '\r' && at + 1 < message.length && message[at + 1] == '\n')) {
        var next = message[at++];
        if (next == ' ' || next == '\t') {
          blank = true;
          continue;
        }
        if (length + 2 > line.length) {
          line = java.util.Arrays.copyOf(line, line.length * 2);
        }
        if (blank) {
          line[length++] = ' ';
          blank = false;
        }
        line[length++] = next;
      }
      at += 2;
      if (length == 0) {
        emptyLines++;
        continue;
      }
      for (; emptyLines > 0; emptyLines--) {
        digest.update(new byte[] {'\r', '\n'});
      }
      digest.update(line, 0, length);
      digest.update(new byte[] {'\r', '\n'});
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
