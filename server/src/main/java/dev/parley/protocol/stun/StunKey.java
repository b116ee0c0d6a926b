package dev.parley.protocol.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of MESSAGE-INTEGRITY under a short-term credential (RFC 8489 section 14.5): HMAC-SHA1
 * with the password. Not thread-safe.
 */
public final class StunKey {
  static final int BYTES = 20;

  private final Mac mac;
  private final byte[] sum = new byte[BYTES];

  public StunKey(String password) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA1.", e);
    }
  }

  boolean verifies(byte[] bytes, int offset, int integrityAt) {
    // The length counts up to the integrity attribute, whatever stands behind it.
    var length = Words.u16(bytes, offset + 2);
    Words.put16(bytes, offset + 2, integrityAt + 4 + BYTES - offset - StunView.HEADER_BYTES);
    sum(bytes, offset, integrityAt - offset);
    Words.put16(bytes, offset + 2, length);
    var difference = 0;
    for (var i = 0; i < BYTES; i++) {
      difference |= sum[i] ^ bytes[integrityAt + 4 + i];
    }
    return difference == 0;
  }

  /** Computes the sum over a part of a message; it stands in the array that is returned. */
  byte[] sum(byte[] bytes, int offset, int length) {
    mac.update(bytes, offset, length);
    try {
      mac.doFinal(sum, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The sum has 20 bytes.", e);
    }
    return sum;
  }
}
