package dev.parley.base.wire;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a certificate authority and one server certificate, as text; the authority's key is gone
 * afterwards. A class of its own, so that only a start that makes certificates loads Bouncy Castle.
 *
 * @param ca the authority's certificate, PEM
 * @param serverChain the server's certificate and the authority's, PEM
 * @param serverKey the server's key, PEM, PKCS#8
 */
record DevelopmentCertificates(
    X509Certificate caCertificate, String ca, String serverChain, String serverKey) {
  private static final String SIGNATURE = "SHA256withECDSA";

  static DevelopmentCertificates make(
      String hostName, Instant now, Duration life, SecureRandom random)
      throws IOException, GeneralSecurityException {
    var validity = new Validity(now, life, random);
    var caKeys = keys(random);
    var caName = new X500Name("CN=Parley development CA on " + hostName);
    var serverKeys = keys(random);
    try {
      var ca = sign(caCertificate(caName, caKeys, hostName, validity), caKeys);
      var server = sign(serverCertificate(caName, caKeys, serverKeys, hostName, validity), caKeys);
      return new DevelopmentCertificates(
          ca, pem(ca), pem(server, ca), pem(new JcaPKCS8Generator(serverKeys.getPrivate(), null)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** When certificates are valid, and where their serial numbers come from. */
  private record Validity(Instant now, Duration life, SecureRandom random) {}

  private static X509v3CertificateBuilder caCertificate(
      X500Name name, KeyPair keys, String hostName, Validity validity)
      throws CertIOException, GeneralSecurityException {
    var permitted = new ArrayList<GeneralSubtree>();
    for (var dns : List.of("localhost", "communication.localhost", hostName)) {
      permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, dns)));
    }
    permitted.add(new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "127.0.0.0/8")));
    permitted.add(new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "::1/128")));
    return builder(name, keys, name, keys, validity)
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
        .addExtension(
            Extension.nameConstraints,
            true,
            new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null));
  }

  private static X509v3CertificateBuilder serverCertificate(
      X500Name issuer, KeyPair issuerKeys, KeyPair keys, String hostName, Validity validity)
      throws CertIOException, GeneralSecurityException {
    var names =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.dNSName, "*.communication.localhost"),
              new GeneralName(GeneralName.dNSName, hostName),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1")
            });
    return builder(issuer, issuerKeys, new X500Name("CN=localhost"), keys, validity)
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(Extension.subjectAlternativeName, false, names);
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, KeyPair issuerKeys, X500Name subject, KeyPair keys, Validity validity)
      throws CertIOException, GeneralSecurityException {
    var extensions = new JcaX509ExtensionUtils();
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, validity.random()),
            Date.from(validity.now().minus(Duration.ofDays(1))),
            Date.from(validity.now().plus(validity.life())),
            subject,
            keys.getPublic())
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            extensions.createSubjectKeyIdentifier(keys.getPublic()))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            extensions.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder certificate, KeyPair keys)
      throws GeneralSecurityException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(certificate.build(signer));
  }

  private static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static String pem(Object... objects) throws IOException {
    var text = new StringWriter();
    try (var pem = new JcaPEMWriter(text)) {
      for (var object : objects) {
        pem.writeObject(object);
      }
    }
    return text.toString();
  }
}
