package dev.parley.feature.email.delivery;

import dev.parley.base.wire.TcpLink;
import dev.parley.feature.email.OutgoingMail;
import dev.parley.protocol.smtp.SmtpDots;
import dev.parley.protocol.smtp.SmtpReply;
import dev.parley.protocol.smtp.SmtpReplyReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Speaks SMTP as a client over one connection; for one thread. */
final class SmtpClient implements AutoCloseable {
  private final TcpLink link;
  private final String host;
  private final Set<String> extensions = new HashSet<>();
  private int messages;
  private boolean answered;

  SmtpClient(TcpLink link, String host) {
    this.link = link;
    this.host = host;
  }

  TcpLink link() {
    return link;
  }

  String host() {
    return host;
  }

  int messages() {
    return messages;
  }

  /** Whether the server has answered anything in the last transaction. */
  boolean isAnswered() {
    return answered;
  }

  boolean offers(String extension) {
    return extensions.contains(extension);
  }

  /** Waits for the greeting. */
  SmtpReply greeting() throws IOException {
    return reply();
  }

  /** Introduces itself, and learns what the server can do. */
  SmtpReply hello(String name) throws IOException {
    var answer = say("EHLO " + name);
    if (answer.isPermanent()) {
      return say("HELO " + name);
    }
    extensions.clear();
    answer.lines().stream()
        .skip(1)
        .forEach(line -> extensions.add(line.split(" ", 2)[0].toUpperCase(Locale.ROOT)));
    return answer;
  }

  /** Proves who we are with PLAIN (RFC 4616); only over TLS. */
  SmtpReply authenticate(String user, byte[] password) throws IOException {
    var text = user.getBytes(StandardCharsets.UTF_8);
    var plain = new byte[text.length + password.length + 2];
    System.arraycopy(text, 0, plain, 1, text.length);
    System.arraycopy(password, 0, plain, text.length + 2, password.length);
    return say("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
  }

  /** Sends one command. */
  SmtpReply say(String command) throws IOException {
    send(command);
    return reply();
  }

  /** How a transaction ended, and whether it was the recipient that was refused. */
  record Sent(SmtpReply reply, boolean atRecipient) {}

  /**
   * One message to one recipient; with pipelining all but the message goes out at once.
   *
   * @param parameters of MAIL, beginning with a blank, or empty text
   */
  Sent transact(String from, String to, String parameters, OutgoingMail mail) throws IOException {
    messages++;
    answered = false;
    var commands = List.of("MAIL FROM:<" + from + ">" + parameters, "RCPT TO:<" + to + ">", "DATA");
    var pipelined = offers("PIPELINING");
    if (pipelined) {
      for (var command : commands) {
        send(command);
      }
    }
    SmtpReply refused = null;
    var refusedAt = 0;
    for (var i = 0; i < commands.size(); i++) {
      if (!pipelined) {
        send(commands.get(i));
      }
      var answer = reply();
      answered = true;
      var wanted = i == 2 ? answer.code() == 354 : answer.isDone();
      if (!wanted && refused == null) {
        refused = answer;
        refusedAt = i;
        if (!pipelined) {
          break;
        }
      } else if (i == 2 && wanted && refused != null) {
        // It wants a message for nobody (RFC 2920 section 3.1).
        send(".");
        reply();
      }
    }
    if (refused != null && refused.isDone()) {
      // To DATA nobody says yes without asking for the message: what it answers is another
      // question.
      throw new IOException("the server answers out of turn: " + refused.text());
    }
    if (refused != null) {
      say("RSET");
      return new Sent(refused, refusedAt == 1);
    }
    var dots = new SmtpDots(link::write);
    mail.writeTo(dots::write);
    dots.end();
    return new Sent(reply(), false);
  }

  private void send(String command) throws IOException {
    // A line break in an address would be a command of its own.
    if (command.indexOf('\r') >= 0 || command.indexOf('\n') >= 0) {
      throw new IOException("A command has one line.");
    }
    link.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private SmtpReply reply() throws IOException {
    link.flush();
    var reader = new SmtpReplyReader();
    try {
      while (true) {
        var whole = reader.add(utf8(link.line(SmtpReplyReader.LINE_MAX)));
        if (whole.isPresent()) {
          return whole.get();
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("This is no mail server: " + e.getMessage(), e);
    }
  }

  private static String utf8(String line) {
    return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Says goodbye without waiting for the answer. */
  @Override
  public void close() {
    try {
      send("QUIT");
      link.flush();
    } catch (IOException _) {
      // The other side is gone already.
    } finally {
      link.close();
    }
  }
}
