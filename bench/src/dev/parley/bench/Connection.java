package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;

/** One keep-alive HTTP/1.1 connection of a load generator: as little work as an honest client can do. */
final class Connection implements AutoCloseable {
  /** An answer's status and body. */
  record Answer(int status, String body) {}

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** Connects to loopback, with TLS when a factory is given. */
  Connection(int port, SSLSocketFactory tls) throws IOException {
    socket = tls == null ? new Socket("127.0.0.1", port) : tls.createSocket("localhost", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    out = socket.getOutputStream();
  }

  /** Sends a whole request and waits for the whole answer. */
  Answer exchange(byte[] request) throws IOException {
    out.write(request);
    out.flush();
    var status = Integer.parseInt(line().split(" ", 3)[1]);
    var length = 0;
    for (var header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    var body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("The server closed the connection in an answer.");
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    var text = new StringBuilder(64);
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("The server closed the connection.");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  /** The bytes of a request with a JSON body. */
  static byte[] request(String method, String target, String token, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(
                method,
                target,
                token,
                body.isEmpty() ? "" : "Content-Type: application/json\r\n",
                bytes.length);
    var headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    var all = java.util.Arrays.copyOf(headBytes, headBytes.length + bytes.length);
    System.arraycopy(bytes, 0, all, headBytes.length, bytes.length);
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
