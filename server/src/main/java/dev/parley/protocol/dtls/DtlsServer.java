package dev.parley.protocol.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Answers handshakes. One serves all connections, from any thread. */
public final class DtlsServer {
  private final DtlsIdentity identity;
  private final BcTlsCrypto crypto;

  public DtlsServer(DtlsIdentity identity, SecureRandom random) {
    this.identity = identity;
    this.crypto = new BcTlsCrypto(random);
  }

  /** Our certificate's fingerprint. */
  public Fingerprint fingerprint() {
    return identity.fingerprint();
  }

  /**
   * Runs a handshake to its end; blocks. A client whose certificate has not the expected
   * fingerprint is refused.
   *
   * @param timeoutMillis how long it may take
   * @throws IOException saying why there is no session
   */
  public DtlsSession accept(DtlsPipe pipe, Fingerprint expected, int timeoutMillis)
      throws IOException {
    var peer = new DtlsPeer(crypto, identity, expected, timeoutMillis);
    var transport = new PipeTransport(pipe);
    try {
      var records = new DTLSServerProtocol().accept(peer, transport);
      return new DtlsSession(records, transport, peer.profile(), peer.exported());
    } catch (TlsFatalAlert e) {
      throw new IOException(peer.refusal().isEmpty() ? e.toString() : peer.refusal(), e);
    }
  }
}
