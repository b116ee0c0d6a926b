package dev.parley.base.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Development certificates, made once for all tests of a run, and a client's trust in them. */
public record TestCertificates(TlsMaterial material, SSLContext trust) {
  /** For every test that does not look at the files. */
  public static final TestCertificates SHARED = make();

  private static TestCertificates make() {
    try {
      var folder = Files.createTempDirectory("parley-edge");
      var ca = new TlsDevelopmentCa(folder, new SecureRandom());
      var material = ca.material(Instant.now());
      folder.toFile().deleteOnExit();
      try (var files = Files.list(folder)) {
        files.map(Path::toFile).forEach(java.io.File::deleteOnExit);
      }
      return new TestCertificates(material, trusting(ca.trustStore()));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that trusts the development CA whose trust store this is. */
  public static SSLContext trusting(Path trustStore) throws IOException, GeneralSecurityException {
    var store =
        KeyStore.getInstance(
            trustStore.toFile(), TlsDevelopmentCa.TRUST_STORE_PASSWORD.toCharArray());
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var trust = SSLContext.getInstance("TLS");
    trust.init(null, managers.getTrustManagers(), null);
    return trust;
  }
}
