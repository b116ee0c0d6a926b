package dev.parley.protocol.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key that signs for a domain.
 *
 * @param selector under which its public half is published
 */
public record DkimKey(String domain, String selector, Algorithm algorithm, DkimSigning signing) {
  /** A key by its private half. */
  public DkimKey(String domain, String selector, Algorithm algorithm, PrivateKey key) {
    this(domain, selector, algorithm, DkimSigning.of(algorithm, key));
  }

  /** Algorithms of RFC 6376 and RFC 8463. */
  public enum Algorithm {
    RSA("rsa-sha256", "RSA", "SHA256withRSA"),
    ED25519("ed25519-sha256", "Ed25519", "Ed25519");

    private final String word;
    private final String keys;
    private final String signature;

    Algorithm(String word, String keys, String signature) {
      this.word = word;
      this.keys = keys;
      this.signature = signature;
    }

    /** As the {@code a=} tag writes it. */
    public String word() {
      return word;
    }

    String signature() {
      return signature;
    }

    /** A new pair; RSA has 2048 bits. */
    public KeyPair generate() {
      try {
        var generator = KeyPairGenerator.getInstance(keys);
        if (this == RSA) {
          generator.initialize(2048);
        }
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Every JDK since 15 has " + keys + ".", e);
      }
    }

    /** A private key from its PKCS#8 bytes. */
    public PrivateKey read(byte[] pkcs8) {
      try {
        return KeyFactory.getInstance(keys).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("A stored key cannot be read.", e);
      }
    }

    /** The TXT record that publishes a public key. */
    public String record(PublicKey key) {
      var encoded = key.getEncoded();
      // RFC 8463 section 4: the bare 32 bytes; RSA keys are published with their wrapping.
      var bytes =
          this == RSA ? encoded : Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
      return "v=DKIM1; k=%s; p=%s"
          .formatted(this == RSA ? "rsa" : "ed25519", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
