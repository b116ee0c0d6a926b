package dev.parley.base.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** A client that sends exactly the bytes that it is told to, and waits for nothing for ever. */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int LINE_MAX = 1 << 16;

  /** How the other side ended a connection. */
  public enum End {
    CLEAN,
    RESET
  }

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  public static RawClient plain(int port) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  public static RawClient tls(int port, SSLContext trust) throws IOException {
    return new RawClient(trust.getSocketFactory().createSocket("localhost", port));
  }

  /** One of a crowd. */
  public static RawClient tls(int port, CrowdTls crowd) throws IOException {
    return new RawClient(crowd.connect(port, PATIENCE_MILLIS));
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more will be sent. */
  public RawClient sendEnd() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The next answer, whole. */
  public RawReply reply() throws IOException {
    return reply(true);
  }

  /** The next answer, which has no body whatever its headers say. */
  public RawReply replyToHead() throws IOException {
    return reply(false);
  }

  private RawReply reply(boolean withBody) throws IOException {
    var status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("No status line: " + status);
    }
    var headers = new TreeMap<String, List<String>>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(line.substring(colon + 1).strip());
    }
    var length =
        withBody
            ? Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).getFirst())
            : 0;
    return new RawReply(
        Integer.parseInt(status.substring(9, 12)), Map.copyOf(headers), bytes(length));
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var next = octet(); next != '\n'; next = octet()) {
      if (line.size() == LINE_MAX) {
        throw new IOException("The line does not end.");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The next byte, as a number from 0 to 255. */
  public int octet() throws IOException {
    var next = in.read();
    if (next < 0) {
      throw new EOFException("The server closed the connection.");
    }
    return next;
  }

  public byte[] bytes(int count) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("The server closed the connection.");
    }
    return bytes;
  }

  /** Waits for the end of the connection, and drops what comes before it. */
  public End end() throws IOException {
    try {
      in.skip(Long.MAX_VALUE);
      while (in.read() >= 0) {
        in.skip(Long.MAX_VALUE);
      }
      return End.CLEAN;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException | SSLException _) {
      return End.RESET;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
