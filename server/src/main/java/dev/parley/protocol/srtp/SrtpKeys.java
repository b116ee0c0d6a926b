package dev.parley.protocol.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Master key and salt of one direction, and the session keys that come from them. */
public final class SrtpKeys {
  static final int RTP_KEY = 0;
  static final int RTP_AUTH = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_KEY = 3;
  static final int RTCP_AUTH = 4;
  static final int RTCP_SALT = 5;

  private final SrtpProfile profile;
  private final byte[] key;
  private final byte[] salt;

  public SrtpKeys(SrtpProfile profile, byte[] key, byte[] salt) {
    if (key.length != profile.keyBytes() || salt.length != profile.saltBytes()) {
      throw new IllegalArgumentException("Key or salt has not the profile's length.");
    }
    this.profile = profile;
    this.key = key.clone();
    this.salt = salt.clone();
  }

  /** How many bytes DTLS has to export for both directions (RFC 5764 section 4.2). */
  public static int exportBytes(SrtpProfile profile) {
    return 2 * (profile.keyBytes() + profile.saltBytes());
  }

  /** The keys of the DTLS client's direction out of what DTLS exported. */
  public static SrtpKeys ofClient(SrtpProfile profile, byte[] exported) {
    return of(profile, exported, 0);
  }

  /** The keys of the DTLS server's direction. */
  public static SrtpKeys ofServer(SrtpProfile profile, byte[] exported) {
    return of(profile, exported, 1);
  }

  private static SrtpKeys of(SrtpProfile profile, byte[] exported, int side) {
    var keyAt = side * profile.keyBytes();
    var saltAt = 2 * profile.keyBytes() + side * profile.saltBytes();
    return new SrtpKeys(
        profile,
        Arrays.copyOfRange(exported, keyAt, keyAt + profile.keyBytes()),
        Arrays.copyOfRange(exported, saltAt, saltAt + profile.saltBytes()));
  }

  SrtpProfile profile() {
    return profile;
  }

  /** A session key (RFC 3711 section 4.3, RFC 7714 section 11), with no key derivation rate. */
  byte[] derive(int label, int bytes) {
    var iv = new byte[16];
    System.arraycopy(salt, 0, iv, 0, salt.length);
    iv[7] ^= (byte) label;
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(new byte[bytes]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has AES in counter mode.", e);
    }
  }

  @Override
  public String toString() {
    return "SrtpKeys[" + profile + "]";
  }
}
