package dev.parley.protocol.dtls;

import dev.parley.protocol.srtp.SrtpKeys;
import dev.parley.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** What we want of one handshake. Raw {@code Hashtable} and {@code Vector} are the library's. */
@SuppressWarnings({"rawtypes", "JdkObsolete"})
final class DtlsPeer extends DefaultTlsServer {
  private static final int[] SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  };

  /** The first flight again after so long; loopback and good networks need less than a second. */
  private static final int RESEND_MILLIS = 400;

  private final BcTlsCrypto ours;
  private final DtlsIdentity identity;
  private final Fingerprint expected;
  private final int timeoutMillis;
  private @Nullable SrtpProfile profile;
  private byte[] exported = new byte[0];
  private String refusal = "";

  DtlsPeer(BcTlsCrypto crypto, DtlsIdentity identity, Fingerprint expected, int timeoutMillis) {
    super(crypto);
    ours = crypto;
    this.identity = identity;
    this.expected = expected;
    this.timeoutMillis = timeoutMillis;
  }

  /** Why we ended the handshake, or empty text. */
  String refusal() {
    return refusal;
  }

  SrtpProfile profile() {
    if (profile == null) {
      throw new IllegalStateException("The handshake is not done.");
    }
    return profile;
  }

  byte[] exported() {
    return exported;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    // The library's DTLS knows no 1.3 yet.
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(ours, SUITES);
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return timeoutMillis;
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return RESEND_MILLIS;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    var certificate =
        new Certificate(new TlsCertificate[] {ours.createCertificate(identity.certificate())});
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        ours,
        identity.key(),
        certificate,
        new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    var srtp = extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions);
    if (srtp != null) {
      for (var candidate : SrtpProfile.values()) {
        if (profile == null
            && Arrays.stream(srtp.getProtectionProfiles()).anyMatch(id -> id == candidate.id())) {
          profile = candidate;
        }
      }
    }
    if (profile == null) {
      throw refuse(AlertDescription.handshake_failure, "The peer offers no SRTP profile of ours.");
    }
  }

  @Override
  public Hashtable getServerExtensions() throws IOException {
    var extensions = super.getServerExtensions();
    var all = extensions == null ? new Hashtable() : extensions;
    TlsSRTPUtils.addUseSRTPExtension(
        all, new UseSRTPData(new int[] {profile().id()}, TlsUtils.EMPTY_BYTES));
    return all;
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    Vector algorithms = TlsUtils.getDefaultSupportedSignatureAlgorithms(context);
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        algorithms,
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate certificate) throws IOException {
    // The chain says nothing: the fingerprint of the SDP does (RFC 5763 section 5).
    if (certificate == null || certificate.isEmpty()) {
      throw refuse(AlertDescription.bad_certificate, "The peer has no certificate.");
    }
    if (!expected.matches(certificate.getCertificateAt(0).getEncoded())) {
      throw refuse(
          AlertDescription.bad_certificate, "The peer's certificate is not the one of its SDP.");
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    exported =
        context.exportKeyingMaterial("EXTRACTOR-dtls_srtp", null, SrtpKeys.exportBytes(profile()));
  }

  private TlsFatalAlert refuse(short alert, String why) {
    refusal = why;
    return new TlsFatalAlert(alert, why);
  }
}
