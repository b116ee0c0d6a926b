package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A mail server that takes everything, counts it and throws it away, for every relay alike. */
final class MailSink implements AutoCloseable {
  private final ServerSocket listener;
  final AtomicLong messages = new AtomicLong();

  MailSink() throws IOException {
    listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream(), 32 << 10);
      var out = socket.getOutputStream();
      var answers = new StringBuilder("220 sink ESMTP\r\n");
      while (true) {
        // Answers to pipelined commands go out together, as a mail server's do.
        if (in.available() == 0) {
          out.write(answers.toString().getBytes(StandardCharsets.US_ASCII));
          answers.setLength(0);
        }
        var line = line(in);
        var verb =
            line.length() < 4 ? line : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
        switch (verb) {
          case "EHLO" ->
              answers.append(
                  "250-sink\r\n"
                      + "250-PIPELINING\r\n"
                      + "250-8BITMIME\r\n"
                      + "250-SMTPUTF8\r\n"
                      + "250 SIZE 20000000\r\n");
          case "DATA" -> {
            answers.append("354 go\r\n");
            out.write(answers.toString().getBytes(StandardCharsets.US_ASCII));
            answers.setLength(0);
            while (!line(in).equals(".")) {
              // Thrown away.
            }
            messages.incrementAndGet();
            answers.append("250 2.0.0 taken\r\n");
          }
          case "QUIT" -> {
            // Postfix says it together with the end of the message before.
            answers.append("221 2.0.0 bye\r\n");
            out.write(answers.toString().getBytes(StandardCharsets.US_ASCII));
            return;
          }
          default -> answers.append("250 2.0.0 ok\r\n");
        }
      }
    } catch (IOException _) {
      // The relay went away.
    }
  }

  private static String line(BufferedInputStream in) throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
