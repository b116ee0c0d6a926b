package dev.parley.feature.email.delivery;

import dev.parley.base.wire.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/** A mail server that behaves as a test tells it, each connection in a thread of its own. */
final class RudeServer implements AutoCloseable {
  /** One connection, by its number from 0. */
  interface Behaviour {
    void serve(int number, Talk talk) throws Exception;
  }

  /** What a behaviour says and hears. */
  static final class Talk {
    private Socket socket;
    private BufferedReader in;
    private OutputStream out;

    Talk(Socket socket) throws IOException {
      talkOver(socket);
    }

    private void talkOver(Socket over) throws IOException {
      socket = over;
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      out = socket.getOutputStream();
    }

    /** Goes on over TLS, with a certificate that nobody knows. */
    void secure() throws IOException {
      var context = TestCertificates.SHARED.material().sslContext();
      var over = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
      over.setUseClientMode(false);
      talkOver(over);
    }

    void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** The next line, and nothing at the end. */
    String hear() throws IOException {
      var line = in.readLine();
      return line == null ? "" : line;
    }

    /** Hears what should begin so, and answers. */
    void answer(String command, String reply) throws IOException {
      var heard = hear();
      if (!heard.startsWith(command)) {
        throw new IOException("not " + command + ": " + heard);
      }
      say(reply + "\r\n");
    }

    /** Greets, and says what it can. */
    void begin(String... extensions) throws IOException {
      say("220 rude ESMTP\r\n");
      var hello = new StringBuilder("250-rude\r\n");
      for (var extension : extensions) {
        hello.append("250-").append(extension).append("\r\n");
      }
      answer("EHLO", hello + "250 OK");
    }

    /** Takes sender and recipient, and answers to DATA what it is told to. */
    void envelope(String toData) throws IOException {
      answer("MAIL", "250 ok");
      answer("RCPT", "250 ok");
      answer("DATA", toData);
    }

    /** Takes one message to the end of its data, politely. */
    void data() throws IOException {
      envelope("354 go");
      while (!hear().equals(".")) {
        // Another line.
      }
    }

    void close() throws IOException {
      socket.close();
    }
  }

  private final ServerSocket listener;
  private final Behaviour behaviour;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  final AtomicInteger connections = new AtomicInteger();

  RudeServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        var number = connections.getAndIncrement();
        Thread.ofVirtual().start(() -> serve(number, socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(int number, Socket socket) {
    try (socket) {
      behaviour.serve(number, new Talk(socket));
    } catch (Exception _) {
      // The client went away.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
