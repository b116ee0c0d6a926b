package dev.parley.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode with HMAC-SHA1 of 80 bits (RFC 3711 sections 4.1.1 and 4.2.1). */
final class CounterCipher implements SrtpCipher {
  private static final int TAG_BYTES = 10;

  private final Cipher cipher;
  private final Mac mac;
  private final SecretKeySpec key;
  private final byte[] salt;
  private final boolean rtcp;
  private final byte[] iv = new byte[16];
  private final byte[] four = new byte[4];
  private final byte[] sum = new byte[20];

  CounterCipher(byte[] key, byte[] salt, byte[] auth, boolean rtcp) {
    this.key = new SecretKeySpec(key, "AES");
    this.salt = salt;
    this.rtcp = rtcp;
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(auth, "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has AES and HMAC-SHA1.", e);
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
    crypt(in, at + clear, length - clear, ssrc, index, out, to + clear);
    authenticate(out, to, length, index, trailer);
    System.arraycopy(sum, 0, out, to + length, TAG_BYTES);
    return length + TAG_BYTES;
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
    var plain = length - TAG_BYTES;
    if (plain < clear) {
      return SrtpReceiver.FORGED;
    }
    authenticate(in, at, plain, index, trailer);
    var difference = 0;
    for (var i = 0; i < TAG_BYTES; i++) {
      difference |= sum[i] ^ in[at + plain + i];
    }
    if (difference != 0) {
      return SrtpReceiver.FORGED;
    }
    System.arraycopy(in, at, out, to, clear);
    if (rtcp && trailer >= 0) {
      // Without the E flag nothing is encrypted.
      System.arraycopy(in, at + clear, out, to + clear, plain - clear);
    } else {
      crypt(in, at + clear, plain - clear, ssrc, index, out, to + clear);
    }
    return plain;
  }

  private void crypt(byte[] in, int at, int length, int ssrc, long index, byte[] out, int to) {
    System.arraycopy(salt, 0, iv, 0, 14);
    iv[14] = 0;
    iv[15] = 0;
    for (var i = 0; i < 4; i++) {
      iv[4 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
    }
    for (var i = 0; i < 6; i++) {
      iv[8 + i] ^= (byte) (index >>> (40 - 8 * i));
    }
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
      cipher.doFinal(in, at, length, out, to);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Counter mode takes any packet.", e);
    }
  }

  /** RTP is followed by its roll-over count, RTCP by its flag and index. */
  private void authenticate(byte[] bytes, int at, int length, long index, int trailer) {
    var last = rtcp ? trailer : (int) (index >>> 16);
    for (var i = 0; i < 4; i++) {
      four[i] = (byte) (last >>> (24 - 8 * i));
    }
    mac.update(bytes, at, length);
    mac.update(four, 0, 4);
    try {
      mac.doFinal(sum, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The sum has 20 bytes.", e);
    }
  }
}
