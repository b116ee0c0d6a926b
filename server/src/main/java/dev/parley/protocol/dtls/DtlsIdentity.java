package dev.parley.protocol.dtls;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/**
 * A certificate that signs itself: peers know it by the fingerprint in the SDP (RFC 8122), so
 * nobody has to vouch for it.
 */
public final class DtlsIdentity {
  private static final long DAY_MILLIS = 86_400_000L;

  private final AsymmetricKeyParameter key;
  private final byte[] certificate;
  private final Fingerprint fingerprint;

  private DtlsIdentity(AsymmetricKeyParameter key, byte[] certificate) {
    this.key = key;
    this.certificate = certificate;
    this.fingerprint = Fingerprint.of(certificate);
  }

  /** A new one with a P-256 key, good for ten years: longer than the process that made it. */
  public static DtlsIdentity random(SecureRandom random, Instant now) {
    try {
      var curve = ECNamedCurveTable.getByName("secp256r1");
      var generator = new ECKeyPairGenerator();
      generator.init(
          new ECKeyGenerationParameters(
              new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, curve), random));
      var pair = generator.generateKeyPair();
      var name = new X500Name("CN=WebRTC");
      var builder =
          new BcX509v3CertificateBuilder(
              name,
              new BigInteger(64, random).add(BigInteger.ONE),
              Date.from(now.minusMillis(DAY_MILLIS)),
              Date.from(now.plusMillis(3650 * DAY_MILLIS)),
              name,
              pair.getPublic());
      var signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
      var digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
      var signer = new BcECContentSignerBuilder(signature, digest).build(pair.getPrivate());
      // Through its encoding and back: the signer of TLS wants it with the curve's name.
      var key =
          PrivateKeyFactory.createKey(
              PrivateKeyInfoFactory.createPrivateKeyInfo(pair.getPrivate()));
      return new DtlsIdentity(key, builder.build(signer).getEncoded());
    } catch (java.io.IOException | org.bouncycastle.operator.OperatorCreationException e) {
      throw new IllegalStateException("A certificate could not be made.", e);
    }
  }

  /** What stands in the SDP. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  AsymmetricKeyParameter key() {
    return key;
  }

  byte[] certificate() {
    return certificate;
  }
}
