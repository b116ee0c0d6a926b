package dev.parley.feature.email.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A client that says what it is told to, byte for byte, however rude that is. */
final class SmtpClientTalk implements AutoCloseable {
  private final SSLContext trust;
  private Socket socket;
  private BufferedReader in;

  SmtpClientTalk(int port, SSLContext trust) throws IOException {
    this.trust = trust;
    talkOver(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  private void talkOver(Socket over) throws IOException {
    socket = over;
    socket.setSoTimeout(30_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Goes on over TLS. */
  void secure() throws IOException {
    talkOver(trust.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true));
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The next answer: its last line. */
  String answer() throws IOException {
    var line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    return line == null ? "" : line;
  }

  /** Whether there is something to read, or the end. */
  boolean hasAnswer() throws IOException {
    return in.ready();
  }

  /** One command and its answer. */
  String say(String command) throws IOException {
    send(command + "\r\n");
    return answer();
  }

  /** All answers until the server closes the connection. */
  List<String> untilTheEnd() {
    var all = new ArrayList<String>();
    try {
      for (var one = answer(); !one.isEmpty(); one = answer()) {
        all.add(one);
      }
    } catch (IOException _) {
      // Closed with something of ours unread.
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
