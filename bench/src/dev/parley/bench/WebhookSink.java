package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A webhook that answers at once and counts events: as little work as an honest receiver can do. */
final class WebhookSink implements AutoCloseable {
  private static final byte[] MARK = "\"eventType\":\"Microsoft.Comm".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CODE = "\"validationCode\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket server;
  private final boolean silent;
  private final boolean remember;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final Set<String> ids = new HashSet<>();
  private final List<Socket> open = new ArrayList<>();

  private WebhookSink(boolean silent, boolean remember) throws IOException {
    this.silent = silent;
    this.remember = remember;
    server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static WebhookSink open() throws IOException {
    return new WebhookSink(false, false);
  }

  /** One that validates, and then never answers a delivery. */
  static WebhookSink dead() throws IOException {
    return new WebhookSink(true, false);
  }

  /** One that remembers every id, to count what comes twice. */
  static WebhookSink remembering() throws IOException {
    return new WebhookSink(false, true);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/hook";
  }

  long events() {
    return events.get();
  }

  long requests() {
    return requests.get();
  }

  int distinct() {
    synchronized (ids) {
      return ids.size();
    }
  }

  void reset() {
    events.set(0);
    requests.set(0);
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        socket.setTcpNoDelay(true);
        synchronized (open) {
          open.add(socket);
        }
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      var out = socket.getOutputStream();
      var line = new StringBuilder();
      while (true) {
        var length = 0;
        if (!line(in, line)) {
          return;
        }
        while (line(in, line) && !line.isEmpty()) {
          if (line.length() > 15 && line.substring(0, 15).equalsIgnoreCase("content-length:")) {
            length = Integer.parseInt(line.substring(15).strip());
          }
        }
        var body = in.readNBytes(length);
        var code = after(body, CODE);
        if (code != null) {
          var answer = "{\"validationResponse\":\"" + code + "\"}";
          out.write(
              ("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer)
                  .getBytes(StandardCharsets.US_ASCII));
        } else if (silent) {
          Thread.sleep(Long.MAX_VALUE);
        } else {
          note(body);
          out.write(OK);
        }
        out.flush();
      }
    } catch (IOException | InterruptedException _) {
      // The other side has closed.
    }
  }

  private void note(byte[] body) {
    requests.incrementAndGet();
    events.addAndGet(count(body));
    if (remember) {
      synchronized (ids) {
        for (var at = find(body, ID, 0); at >= 0; at = find(body, ID, at + 1)) {
          ids.add(new String(body, at + ID.length, 36, StandardCharsets.US_ASCII));
        }
      }
    }
  }

  private static int count(byte[] body) {
    var found = 0;
    for (var at = find(body, MARK, 0); at >= 0; at = find(body, MARK, at + MARK.length)) {
      found++;
    }
    return found;
  }

  private static int find(byte[] body, byte[] mark, int from) {
    outer:
    for (var i = from; i <= body.length - mark.length; i++) {
      for (var j = 0; j < mark.length; j++) {
        if (body[i + j] != mark[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }

  private static String after(byte[] body, byte[] mark) {
    var at = find(body, mark, 0);
    if (at < 0) {
      return null;
    }
    var start = at + mark.length;
    var end = start;
    while (body[end] != '"') {
      end++;
    }
    return new String(body, start, end - start, StandardCharsets.US_ASCII);
  }

  private static boolean line(InputStream in, StringBuilder line) throws IOException {
    line.setLength(0);
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return false;
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (open) {
      for (var socket : open) {
        socket.close();
      }
    }
  }
}
