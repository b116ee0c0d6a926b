package dev.parley.base.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A WebSocket client by hand, so that a test decides about every byte. */
public final class RawSocket implements AutoCloseable {
  private static final byte[] MASK = {1, 2, 3, 4};

  public final Socket socket;
  private final DataInputStream in;
  private String status = "";
  private int closeStatus;

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 512));
  }

  /** Asks for the switch; {@link #status} says how it went. */
  public static RawSocket open(int port, String target) throws IOException {
    return open(port, target, 0);
  }

  /** The same at one of several hosts. */
  public static RawSocket open(int port, String target, String host) throws IOException {
    return open(port, target, host, 0);
  }

  /** The same with a small receive buffer, for a slow reader. */
  public static RawSocket open(int port, String target, int receiveBytes) throws IOException {
    return open(port, target, "localhost", receiveBytes);
  }

  private static RawSocket open(int port, String target, String host, int receiveBytes)
      throws IOException {
    var socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return over(socket, target, host);
  }

  /** The same over TLS. */
  public static RawSocket open(int port, String target, CrowdTls tls) throws IOException {
    return over(tls.connect(port, 60_000), target, "localhost");
  }

  private static RawSocket over(Socket socket, String target, String host) throws IOException {
    var raw = new RawSocket(socket);
    raw.write(
        ("GET "
                + target
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\n"
                + "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    raw.status = raw.line();
    while (!raw.line().isEmpty()) {
      // The other headers say nothing that matters here.
    }
    return raw;
  }

  /** The status of the answer to the switch. */
  public int status() {
    return Integer.parseInt(status.split(" ", -1)[1]);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void send(String text) throws IOException {
    send(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /** One masked frame. */
  public void send(int firstByte, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(firstByte);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(java.nio.ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    frame.writeBytes(MASK);
    for (var i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i & 3]);
    }
    write(frame.toByteArray());
  }

  /** The next text; empty when the connection has ended. Pings are answered. */
  public Optional<String> next() throws IOException {
    try {
      while (true) {
        var first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
          length = in.readUnsignedShort();
        } else if (length == 127) {
          length = in.readLong();
        }
        var payload = in.readNBytes((int) length);
        switch (first) {
          case 0x81 -> {
            return Optional.of(new String(payload, StandardCharsets.UTF_8));
          }
          case 0x88 -> {
            closeStatus =
                payload.length < 2 ? 1005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
            return Optional.empty();
          }
          case 0x89 -> send(0x8A, payload);
          default -> throw new IOException("Unexpected frame " + first);
        }
      }
    } catch (EOFException | java.net.SocketException _) {
      return Optional.empty();
    }
  }

  /** What the server gave as the reason of its end; 0 when it gave none. */
  public int closeStatus() {
    return closeStatus;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
