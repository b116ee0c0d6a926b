package dev.parley.base.kit;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes that nobody may see: they never reach a log through {@code toString}, and compare in
 * constant time.
 */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A secret of the given bytes, which are copied. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** A secret from its base64 text, as access keys are written in connection strings. */
  public static Secret fromBase64(String text) {
    return new Secret(Base64.getDecoder().decode(text));
  }

  /** A new random secret of {@code length} bytes. */
  public static Secret random(SecureRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return new Secret(bytes);
  }

  /** The bytes themselves, copied; for sealing and for handing to a cipher. */
  public byte[] reveal() {
    return bytes.clone();
  }

  /** Standard base64 with padding, the form of an access key. */
  public String revealBase64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** HMAC-SHA256 of the message under this secret (RFC 2104), 32 bytes. */
  public byte[] hmacSha256(byte[] message) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
    }
  }

  /** Whether both hold the same bytes; takes the same time wherever they differ. */
  public boolean matches(Secret other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret);
  }

  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
