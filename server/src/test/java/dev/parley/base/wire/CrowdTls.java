package dev.parley.base.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * TLS for thousands of clients on the server's own machine: BoringSSL where it loads, and the one
 * certificate by its fingerprint, which costs a tenth of what the JDK's sockets do.
 */
public final class CrowdTls {
  private final SslContext context;

  /** Trusts the server with that chain, PEM, its own certificate first. */
  public CrowdTls(Path chain) {
    try {
      var certificate = new TlsMaterial(chain, chain).readChain()[0];
      var print = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      context =
          SslContextBuilder.forClient()
              .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
              .endpointIdentificationAlgorithm(null)
              .trustManager(
                  FingerprintTrustManagerFactory.builder("SHA-256")
                      .fingerprints(HexFormat.of().formatHex(print))
                      .build())
              .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection to the port on loopback, its handshake made. */
  Socket connect(int port, int patienceMillis) throws IOException {
    var socket = new TlsSocket(context.newEngine(ByteBufAllocator.DEFAULT, "localhost", port));
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(patienceMillis);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.handshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A socket whose streams go through an engine; one thread reads, one writes. */
  private static final class TlsSocket extends Socket {
    private static final int RECEIVED_BYTES = 2_048;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private ByteBuffer received = ByteBuffer.allocate(RECEIVED_BYTES).flip();
    private ByteBuffer plain = NOTHING;

    TlsSocket(SSLEngine engine) {
      this.engine = engine;
    }

    void handshake() throws IOException {
      engine.beginHandshake();
      while (true) {
        switch (engine.getHandshakeStatus()) {
          case NEED_WRAP -> wrap(NOTHING);
          case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
            if (!unwrap()) {
              throw new IOException("The server ends the handshake.");
            }
          }
          case NEED_TASK -> engine.getDelegatedTask().run();
          case FINISHED, NOT_HANDSHAKING -> {
            return;
          }
        }
      }
    }

    private void wrap(ByteBuffer text) throws IOException {
      var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      do {
        engine.wrap(text, out.clear());
        super.getOutputStream().write(out.array(), 0, out.position());
      } while (text.hasRemaining());
    }

    /**
     * Takes one record.
     *
     * @return false when there is none any more
     */
    private boolean unwrap() throws IOException {
      var out = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      var status = engine.unwrap(received, out).getStatus();
      while (status == Status.BUFFER_UNDERFLOW) {
        if (!receive()) {
          return false;
        }
        status = engine.unwrap(received, out).getStatus();
      }
      if (out.position() > 0) {
        plain = ByteBuffer.allocate(out.position()).put(out.flip()).flip();
      }
      return status != Status.CLOSED;
    }

    private boolean receive() throws IOException {
      received.compact();
      if (!received.hasRemaining()) {
        received = ByteBuffer.allocate(received.capacity() * 2).put(received.flip());
      }
      var count =
          super.getInputStream().read(received.array(), received.position(), received.remaining());
      received.position(received.position() + Math.max(0, count)).flip();
      return count > 0;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          var one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          while (!plain.hasRemaining()) {
            if (!unwrap()) {
              return -1;
            }
          }
          var count = Math.min(length, plain.remaining());
          plain.get(into, offset, count);
          return count;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] text, int offset, int length) throws IOException {
          if (length > 0) {
            wrap(ByteBuffer.wrap(text, offset, length));
          }
        }
      };
    }

    @Override
    public synchronized void close() throws IOException {
      if (!isClosed()) {
        super.close();
        ReferenceCountUtil.release(engine);
      }
    }
  }
}
