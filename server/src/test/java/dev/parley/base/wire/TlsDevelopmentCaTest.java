package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsDevelopmentCaTest {
  private final Instant now = Instant.now();

  @TempDir Path folder;

  @Test
  void theServerCertificateIsValidUnderTheAuthority() throws Exception {
    var ca = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom());
    var chain = certificates(ca.material(now).certificateChain());
    validate(chain.getFirst(), chain.getLast());
    assertEquals(5, chain.getFirst().getSubjectAlternativeNames().size());
  }

  @Test
  void theAuthorityIsBoundToThisMachineByACriticalConstraint() throws Exception {
    var ca = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom());
    ca.material(now);
    var certificate = certificates(ca.caCertificate()).getFirst();
    assertTrue(certificate.getCriticalExtensionOIDs().contains("2.5.29.30"));
    assertEquals(0, certificate.getBasicConstraints());
    try (var files = Files.list(folder.resolve("tls"))) {
      assertFalse(
          files.anyMatch(file -> file.getFileName().toString().matches("ca.*key.*")),
          "The authority's key must not be kept.");
    }
  }

  @Test
  void aSecondStartKeepsTheCertificatesAndALateOneRenewsThem() throws Exception {
    var first = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom()).material(now);
    var before = Files.readAllBytes(first.certificateChain());
    var again = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom());
    assertArrayEquals(before, Files.readAllBytes(again.material(now).certificateChain()));
    again.material(now.plus(Duration.ofDays(380)));
    assertFalse(java.util.Arrays.equals(before, Files.readAllBytes(first.certificateChain())));
  }

  @Test
  void onlyTheOwnerReadsThePrivateKey() throws Exception {
    var material = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom()).material(now);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(material.privateKey())));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls"))));
  }

  @Test
  void theTrustStoreHoldsTheAuthority() throws Exception {
    var ca = new TlsDevelopmentCa(folder.resolve("tls"), new SecureRandom());
    ca.material(now);
    var store =
        KeyStore.getInstance(
            ca.trustStore().toFile(), TlsDevelopmentCa.TRUST_STORE_PASSWORD.toCharArray());
    assertNotNull(store.getCertificate("parley-development-ca"));
  }

  @Test
  void anotherAuthorityDoesNotVouchForTheServer() throws Exception {
    var one = new TlsDevelopmentCa(folder.resolve("one"), new SecureRandom());
    var two = new TlsDevelopmentCa(folder.resolve("two"), new SecureRandom());
    two.material(now);
    var server = certificates(one.material(now).certificateChain()).getFirst();
    var stranger = certificates(two.caCertificate()).getFirst();
    assertThrows(CertPathValidatorException.class, () -> validate(server, stranger));
  }

  private void validate(X509Certificate server, X509Certificate ca) throws Exception {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(server));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  private static List<X509Certificate> certificates(Path pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(pem)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }
}
