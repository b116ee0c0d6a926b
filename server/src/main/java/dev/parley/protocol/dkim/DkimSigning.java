package dev.parley.protocol.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Signs with one key, by the fastest means that there are. Safe on every thread. */
@FunctionalInterface
public interface DkimSigning {
  /** The signature over bytes: RSA over their SHA-256, Ed25519 over themselves. */
  byte[] sign(byte[] bytes) throws GeneralSecurityException;

  /** By libcrypto where it is there and takes the key, and else by the JDK. */
  static DkimSigning of(DkimKey.Algorithm algorithm, PrivateKey key) {
    return LibCrypto.loaded()
        .flatMap(library ->
            library
                .key(key.getEncoded())
                .<DkimSigning>map(known ->
                    bytes -> library.sign(known, algorithm == DkimKey.Algorithm.RSA, bytes)))
        .orElseGet(() -> jdk(algorithm, key));
  }

  /** By the JDK. */
  static DkimSigning jdk(DkimKey.Algorithm algorithm, PrivateKey key) {
    return bytes -> {
      var signature = Signature.getInstance(algorithm.signature());
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    };
  }
}
