package dev.parley.feature.sms.carrier;

import dev.parley.base.wire.OutboundTcp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.jsmpp.session.connection.Connection;
import org.jsmpp.session.connection.ConnectionFactory;

/** Sockets to an SMPP server, inside TLS with the server's name checked where that is set. */
final class SmppSockets implements ConnectionFactory {
  private static final int HANDSHAKE_MILLIS = 10_000;

  private final SmppConfig config;
  private final OutboundTcp outbound;

  SmppSockets(SmppConfig config, OutboundTcp outbound) {
    this.config = config;
    this.outbound = outbound;
  }

  @Override
  public Connection createConnection(String host, int port) throws IOException {
    var socket = outbound.socket(host, InetAddress.getByName(host), port);
    try {
      return new SmppConnection(config.tls() ? secured(socket, host) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The library sets its own bound on waits afterwards. */
  private Socket secured(Socket plain, String host) throws IOException {
    var trust =
        config.trust().isEmpty()
            ? new OutboundTcp.Trust.Certified(host)
            : new OutboundTcp.Trust.Signed(host, OutboundTcp.authorities(Path.of(config.trust())));
    plain.setSoTimeout(HANDSHAKE_MILLIS);
    var socket = outbound.over(plain, host, trust);
    socket.startHandshake();
    return socket;
  }
}
