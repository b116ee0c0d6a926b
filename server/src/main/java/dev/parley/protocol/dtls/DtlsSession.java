package dev.parley.protocol.dtls;

import dev.parley.protocol.srtp.SrtpKeys;
import dev.parley.protocol.srtp.SrtpProfile;
import java.io.IOException;
import org.bouncycastle.tls.DTLSTransport;

/** A finished handshake: the keys, and the connection that lives on beside the media. */
public final class DtlsSession {
  private final DTLSTransport records;
  private final PipeTransport transport;
  private final SrtpProfile profile;
  private final byte[] exported;
  private final byte[] data = new byte[2048];

  DtlsSession(
      DTLSTransport records, PipeTransport transport, SrtpProfile profile, byte[] exported) {
    this.records = records;
    this.transport = transport;
    this.profile = profile;
    this.exported = exported;
  }

  public SrtpProfile profile() {
    return profile;
  }

  /** For what the client sends. */
  public SrtpKeys clientKeys() {
    return SrtpKeys.ofClient(profile, exported);
  }

  /** For what we send. */
  public SrtpKeys serverKeys() {
    return SrtpKeys.ofServer(profile, exported);
  }

  /**
   * Looks after the connection for a while: answers a client that did not get our last flight, and
   * hears its goodbye. Blocks.
   *
   * @return false when the client has said goodbye
   */
  public boolean attend(int waitMillis) throws IOException {
    try {
      records.receive(data, 0, data.length, waitMillis);
    } catch (IOException e) {
      if (!transport.closed()) {
        throw e;
      }
    }
    return !transport.closed();
  }

  /** Says goodbye. */
  public void close() {
    try {
      records.close();
    } catch (IOException _) {
      // The peer is gone already; nothing is left to say.
    }
  }
}
