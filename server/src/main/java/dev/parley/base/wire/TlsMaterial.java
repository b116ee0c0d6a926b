package dev.parley.base.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What a TLS listener shows its clients.
 *
 * @param certificateChain PEM, the server's certificate first
 * @param privateKey PEM, PKCS#8 without password (RFC 5958); RSA, EC or EdDSA
 */
public record TlsMaterial(Path certificateChain, Path privateKey) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * The chain, read with the JDK alone: Netty's own reading would load Bouncy Castle, whose signed
   * jars cost a start half its time.
   */
  X509Certificate[] readChain() throws IOException, GeneralSecurityException {
    var bytes = new ByteArrayInputStream(Files.readAllBytes(certificateChain));
    return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
        .map(X509Certificate.class::cast)
        .toArray(X509Certificate[]::new);
  }

  /** A context for listeners that do not run on Netty. */
  public SSLContext sslContext() {
    try {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("server", readKey(), new char[0], readChain());
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The certificate cannot be used: " + e.getMessage(), e);
    }
  }

  PrivateKey readKey() throws IOException, GeneralSecurityException {
    var pem = KEY.matcher(Files.readString(privateKey, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new InvalidKeySpecException(privateKey + " holds no PKCS#8 key without password.");
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (var algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // The key is of another kind.
      }
    }
    throw new InvalidKeySpecException(privateKey + " holds no RSA, EC or EdDSA key.");
  }
}
