package dev.parley.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AEAD_AES_128_GCM (RFC 7714). */
final class GcmCipher implements SrtpCipher {
  private static final int TAG_BYTES = 16;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] salt;
  private final boolean rtcp;
  private final byte[] iv = new byte[12];
  private final byte[] trailerBytes = new byte[4];

  GcmCipher(byte[] key, byte[] salt, boolean rtcp) {
    this.key = new SecretKeySpec(key, "AES");
    this.salt = salt;
    this.rtcp = rtcp;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has AES-GCM.", e);
    }
  }

  @Override
  public int protect(
      byte[] in,
      int at,
      int length,
      int clear,
      int ssrc,
      long index,
      int trailer,
      byte[] out,
      int to) {
    System.arraycopy(in, at, out, to, clear);
    try {
      begin(Cipher.ENCRYPT_MODE, ssrc, index);
      associate(in, at, clear, trailer);
      return clear + cipher.doFinal(in, at + clear, length - clear, out, to + clear);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A packet could not be encrypted.", e);
    }
  }

  @Override
  public int unprotect(
      byte[] in,
      int at,
      int length,
      int clear,
      int ssrc,
      long index,
      int trailer,
      byte[] out,
      int to) {
    if (length < clear + TAG_BYTES) {
      return SrtpReceiver.FORGED;
    }
    try {
      begin(Cipher.DECRYPT_MODE, ssrc, index);
      associate(in, at, clear, trailer);
      var plain = cipher.doFinal(in, at + clear, length - clear, out, to + clear);
      System.arraycopy(in, at, out, to, clear);
      return clear + plain;
    } catch (AEADBadTagException _) {
      return SrtpReceiver.FORGED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A packet could not be decrypted.", e);
    }
  }

  /** The nonce of RFC 7714 sections 8.1 and 9.1: the index has 48 or 31 bits. */
  private void begin(int mode, int ssrc, long index) throws GeneralSecurityException {
    System.arraycopy(salt, 0, iv, 0, 12);
    for (var i = 0; i < 4; i++) {
      iv[2 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
    }
    for (var i = 0; i < 6; i++) {
      iv[6 + i] ^= (byte) (index >>> (40 - 8 * i));
    }
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
  }

  private void associate(byte[] in, int at, int clear, int trailer) {
    cipher.updateAAD(in, at, clear);
    if (rtcp) {
      for (var i = 0; i < 4; i++) {
        trailerBytes[i] = (byte) (trailer >>> (24 - 8 * i));
      }
      cipher.updateAAD(trailerBytes);
    }
  }
}
