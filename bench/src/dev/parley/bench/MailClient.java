package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLSocketFactory;

/**
 * A client that submits one message after the other over an SMTP connection, pipelined; servers
 * take only so many over one.
 */
final class MailClient implements Load.Client {
  private static final int MESSAGES_MAX = 1_000;

  private final int port;
  private final SSLSocketFactory tls;
  private final String login;
  private final byte[] envelope;
  private final byte[] message;
  private Socket socket;
  private BufferedInputStream in;
  private int messages;

  MailClient(
      int port,
      SSLSocketFactory tls,
      String user,
      String password,
      String from,
      String to,
      String text)
      throws IOException {
    this.port = port;
    this.tls = tls;
    this.login =
        Base64.getEncoder()
            .encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    envelope =
        "MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n"
            .formatted(from, to)
            .getBytes(StandardCharsets.US_ASCII);
    message =
        "From: %s\r\nTo: %s\r\nSubject: bench\r\n\r\n%s\r\n.\r\n"
            .formatted(from, to, text)
            .getBytes(StandardCharsets.US_ASCII);
    open();
  }

  private void open() throws IOException {
    socket = tls == null ? new Socket("127.0.0.1", port) : tls.createSocket("localhost", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 8 << 10);
    reply();
    say("EHLO bench\r\n");
    reply();
    if (tls != null) {
      say("AUTH PLAIN " + login + "\r\n");
      if (reply() != 235) {
        throw new IOException("The login was refused.");
      }
    }
  }

  @Override
  public boolean next() throws IOException {
    if (++messages > MESSAGES_MAX) {
      close();
      open();
      messages = 1;
    }
    socket.getOutputStream().write(envelope);
    reply();
    reply();
    if (reply() != 354) {
      return false;
    }
    socket.getOutputStream().write(message);
    return reply() == 250;
  }

  private void say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private int reply() throws IOException {
    while (true) {
      var line = new StringBuilder();
      for (var next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new IOException("The server closed the connection.");
        }
        line.append((char) next);
      }
      if (line.charAt(3) == ' ') {
        return Integer.parseInt(line.substring(0, 3));
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
