package dev.parley.base.kit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets that are stored: AES-256-GCM under the master key, bound to what the secret is for,
 * as {@code v1:<key id>:<base64url>}.
 *
 * <p>A row copied over another, or moved to another resource, does not open. Safe on every thread.
 */
public final class Sealer {
  private static final String VERSION = "v1";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final MasterKeys keys;
  private final SecureRandom random;

  public Sealer(MasterKeys keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /** The secret as text to store, under the newest master key. */
  public String seal(Secret secret, String purpose) {
    var key = keys.newest();
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var sealed = run(Cipher.ENCRYPT_MODE, key, nonce, purpose, secret.reveal());
    var all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return VERSION
        + ":"
        + key.id()
        + ":"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * The secret behind sealed text.
   *
   * @throws IllegalStateException when it was sealed for something else, or under a key that is not
   *     there
   */
  public Secret unseal(String text, String purpose) {
    var parts = text.split(":", -1);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      throw new IllegalStateException("A sealed secret for " + purpose + " has an unknown form.");
    }
    var key =
        keys.find(parts[1])
            .orElseThrow(() ->
                new IllegalStateException(
                    "The secret for %s is sealed under master key %s, which is not there. Was the key file lost or changed?"
                        .formatted(purpose, parts[1])));
    var all = Base64.getUrlDecoder().decode(parts[2]);
    var nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
    var sealed = java.util.Arrays.copyOfRange(all, NONCE_BYTES, all.length);
    return Secret.of(run(Cipher.DECRYPT_MODE, key, nonce, purpose, sealed));
  }

  private static byte[] run(
      int mode, MasterKeys.MasterKey key, byte[] nonce, String purpose, byte[] input) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode,
          new SecretKeySpec(key.secret().reveal(), "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The secret for " + purpose + " cannot be opened.", e);
    }
  }
}
