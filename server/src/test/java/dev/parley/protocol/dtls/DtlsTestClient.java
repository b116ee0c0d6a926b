package dev.parley.protocol.dtls;

import dev.parley.protocol.srtp.SrtpKeys;
import dev.parley.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** The browser's side of a handshake. */
public final class DtlsTestClient extends DefaultTlsClient {
  private final BcTlsCrypto ours;
  private final DtlsIdentity identity;
  private final Fingerprint expected;
  private final SrtpProfile profile;
  private byte[] exported = new byte[0];

  private DtlsTestClient(
      BcTlsCrypto crypto, DtlsIdentity identity, Fingerprint expected, SrtpProfile profile) {
    super(crypto);
    ours = crypto;
    this.identity = identity;
    this.expected = expected;
    this.profile = profile;
  }

  /** Runs a handshake; blocks. */
  public static DtlsSession connect(
      DtlsPipe pipe,
      DtlsIdentity identity,
      Fingerprint expected,
      SecureRandom random,
      SrtpProfile profile)
      throws IOException {
    var client = new DtlsTestClient(new BcTlsCrypto(random), identity, expected, profile);
    var transport = new PipeTransport(pipe);
    var records = new DTLSClientProtocol().connect(client, transport);
    return new DtlsSession(records, transport, profile, client.exported);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return 30_000;
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return 200;
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"})
  public Hashtable getClientExtensions() throws IOException {
    var extensions = super.getClientExtensions();
    TlsSRTPUtils.addUseSRTPExtension(
        extensions, new UseSRTPData(new int[] {profile.id()}, new byte[0]));
    return extensions;
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        var first = certificate.getCertificate().getCertificateAt(0);
        if (!expected.matches(first.getEncoded())) {
          throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            ours,
            identity.key(),
            new Certificate(new TlsCertificate[] {ours.createCertificate(identity.certificate())}),
            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    exported =
        context.exportKeyingMaterial("EXTRACTOR-dtls_srtp", null, SrtpKeys.exportBytes(profile));
  }
}
