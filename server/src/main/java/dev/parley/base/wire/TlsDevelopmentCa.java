package dev.parley.base.wire;

import dev.parley.base.kit.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * The developer profile's own certificate authority, made at the first start.
 *
 * <p>Whoever trusts it trusts it for this machine's names only: critical name constraints (RFC 5280
 * section 4.2.1.10) bind it to {@code localhost}, {@code communication.localhost}, the loopback
 * addresses and the host's name. Its private key is thrown away after the server's certificate is
 * signed, so nobody can sign another with it; when the certificate nears its end, both are made
 * anew.
 */
public final class TlsDevelopmentCa {
  /** Password of the trust store; it guards no secret, but Java wants one. */
  public static final String TRUST_STORE_PASSWORD = "changeit";

  private static final Duration LIFE = Duration.ofDays(397);
  private static final Duration RENEWAL = Duration.ofDays(30);

  private final Path folder;
  private final SecureRandom random;

  /** Keeps everything in {@code folder}, readable by its owner only. */
  public TlsDevelopmentCa(Path folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  /** The certificate authority as PEM, for {@code NODE_EXTRA_CA_CERTS}. */
  public Path caCertificate() {
    return folder.resolve("ca.pem");
  }

  /** The certificate authority in a PKCS12 trust store, for Java clients. */
  public Path trustStore() {
    return folder.resolve("truststore.p12");
  }

  /** The server's material; made at the first call, and again when it nears its end. */
  public TlsMaterial material(Instant now) {
    var material = new TlsMaterial(folder.resolve("server.pem"), folder.resolve("server.key"));
    try {
      if (!usable(material, now)) {
        make(material, now);
      }
      return material;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The development certificates cannot be made.", e);
    }
  }

  /** The time of renewal is a file's, so that a start need not parse certificates. */
  private boolean usable(TlsMaterial material, Instant now) throws IOException {
    return Files.exists(material.certificateChain())
        && Files.exists(material.privateKey())
        && Files.exists(caCertificate())
        && Files.exists(trustStore())
        && Files.getLastModifiedTime(material.certificateChain())
            .toInstant()
            .plus(LIFE)
            .minus(RENEWAL)
            .isAfter(now);
  }

  private void make(TlsMaterial material, Instant now)
      throws IOException, GeneralSecurityException {
    OwnerOnly.folder(folder);
    var made = DevelopmentCertificates.make(hostName(), now, LIFE, random);
    OwnerOnly.write(material.privateKey(), made.serverKey());
    OwnerOnly.write(caCertificate(), made.ca());
    writeTrustStore(made.caCertificate());
    // Last, since its presence says that the rest is complete.
    OwnerOnly.write(material.certificateChain(), made.serverChain());
  }

  private void writeTrustStore(X509Certificate ca) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("parley-development-ca", ca);
    var bytes = new ByteArrayOutputStream();
    store.store(bytes, TRUST_STORE_PASSWORD.toCharArray());
    OwnerOnly.write(trustStore(), bytes.toByteArray());
  }

  private static String hostName() {
    try {
      var name = InetAddress.getLocalHost().getHostName().toLowerCase(java.util.Locale.ROOT);
      return name.matches("[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?") ? name : "localhost";
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }
}
