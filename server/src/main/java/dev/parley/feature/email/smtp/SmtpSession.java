package dev.parley.feature.email.smtp;

import dev.parley.base.wire.TcpLink;
import dev.parley.protocol.smtp.SmtpCommand;
import dev.parley.protocol.smtp.SmtpData;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client of an SMTP listener: ESMTP with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, STARTTLS and
 * AUTH. Strict where leniency helps nobody but attackers: lines end with CRLF, nothing may follow
 * STARTTLS unencrypted, and a client that errs too often is shown out.
 */
final class SmtpSession {
  private static final int LINE_MAX = 2048;
  private static final int AUTH_LINE_MAX = 12_288;
  private static final int ERRORS_MAX = 10;
  private static final int LOGINS_MAX = 3;
  private static final int MESSAGES_MAX = 1000;

  /** More make no size that is ever taken. */
  private static final int SIZE_DIGITS_MAX = 18;

  /** Time to take in why a connection ends. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private static final Set<String> MAIL_PARAMETERS = Set.of("SIZE", "BODY", "SMTPUTF8", "AUTH");

  /** Puts TLS over the connection. */
  @FunctionalInterface
  interface Securing {
    void secure(TcpLink link) throws IOException;
  }

  /** The client is shown out. */
  private static final class Out extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final SmtpConfig config;
  private final SmtpDesk desk;
  private final TcpLink link;
  private final Securing securing;
  private Optional<SmtpLogin> user = Optional.empty();
  private @Nullable String from;
  private long announced;
  private final List<String> to = new ArrayList<>();
  private boolean greeted;
  private int errors;
  private int logins;
  private int messages;

  SmtpSession(SmtpConfig config, SmtpDesk desk, TcpLink link, Securing securing) {
    this.config = config;
    this.desk = desk;
    this.link = link;
    this.securing = securing;
  }

  void run() throws IOException {
    try {
      renew();
      say("220 " + config.hostname() + " ESMTP Parley");
      while (obeys(SmtpCommand.parse(line(LINE_MAX)))) {
        renew();
      }
    } catch (SocketTimeoutException _) {
      link.within(FAREWELL, FAREWELL);
      say("421 4.4.2 Timeout, closing the connection");
    } catch (TcpLink.LineTooLong _) {
      say("500 5.5.6 The line is too long");
    } catch (Out _) {
      // It has been told why.
    }
    link.flush();
  }

  private void renew() {
    link.within(config.messageTime(), config.idle());
  }

  /** A line that ends as lines do; others are what smuggled messages are made of. */
  private String line(int max) throws IOException {
    var line = new StringBuilder();
    while (true) {
      var next = link.read();
      if (next < 0) {
        throw new Out();
      }
      if (next == '\r' && link.read() == '\n') {
        return new String(
            line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
      if (next == '\r' || next == '\n' || next == 0) {
        out("500 5.5.2 Lines end with CR and LF");
      }
      if (line.length() >= max) {
        throw new TcpLink.LineTooLong();
      }
      line.append((char) next);
    }
  }

  private void say(String answer) throws IOException {
    link.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private void out(String answer) throws IOException {
    say(answer);
    link.flush();
    throw new Out();
  }

  private void err(String answer) throws IOException {
    if (++errors >= ERRORS_MAX) {
      out("421 4.7.0 Too many errors");
    }
    say(answer);
  }

  /** Does what it is told; false at the end. */
  private boolean obeys(SmtpCommand command) throws IOException {
    switch (command.verb()) {
      case "EHLO" -> hello(true, command.rest());
      case "HELO" -> hello(false, command.rest());
      case "STARTTLS" -> startTls();
      case "AUTH" -> auth(command.rest());
      case "MAIL" -> mail(command);
      case "RCPT" -> rcpt(command);
      case "DATA" -> data();
      case "RSET" -> {
        reset();
        say("250 2.0.0 Ok");
      }
      case "NOOP" -> say("250 2.0.0 Ok");
      case "VRFY" -> say("252 2.5.0 Send it and see");
      case "QUIT" -> {
        say("221 2.0.0 Bye");
        return false;
      }
      default -> err("502 5.5.1 Unknown command");
    }
    return true;
  }

  private void reset() {
    from = null;
    to.clear();
  }

  private void hello(boolean extended, String name) throws IOException {
    if (name.isEmpty()) {
      err("501 5.5.4 Say who you are");
      return;
    }
    greeted = true;
    reset();
    if (!extended) {
      say("250 " + config.hostname());
      return;
    }
    var lines = new ArrayList<String>();
    lines.add(config.hostname());
    lines.add("PIPELINING");
    lines.add("SIZE " + config.messageBytesMax());
    if (!link.isSecure()) {
      lines.add("STARTTLS");
    } else if (desk.wantsLogin()) {
      lines.add("AUTH PLAIN LOGIN");
    }
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("8BITMIME");
    lines.add("SMTPUTF8");
    for (var i = 0; i < lines.size(); i++) {
      say("250" + (i == lines.size() - 1 ? " " : "-") + lines.get(i));
    }
  }

  private void startTls() throws IOException {
    if (link.isSecure()) {
      err("503 5.5.1 TLS is on already");
      return;
    }
    if (link.hasUnread()) {
      // Whatever came along unencrypted may be another's (CVE-2011-0411).
      out("421 4.7.0 Nothing may follow STARTTLS");
    }
    say("220 2.0.0 Go ahead");
    securing.secure(link);
    greeted = false;
    user = Optional.empty();
    reset();
  }

  private void auth(String rest) throws IOException {
    if (!desk.wantsLogin() || !link.isSecure()) {
      err(
          desk.wantsLogin()
              ? "538 5.7.11 Encrypt first, with STARTTLS"
              : "502 5.5.1 No login here");
      return;
    }
    if (user.isPresent() || from != null) {
      err("503 5.5.1 Not now");
      return;
    }
    var words = rest.split(" ", 2);
    var credentials =
        switch (words[0].toUpperCase(java.util.Locale.ROOT)) {
          case "PLAIN" -> plain(words.length > 1 ? words[1] : asked(""));
          case "LOGIN" -> {
            var name = words.length > 1 ? words[1] : asked("VXNlcm5hbWU6");
            yield new byte[][] {decoded(name), decoded(asked("UGFzc3dvcmQ6"))};
          }
          default -> null;
        };
    if (credentials == null) {
      err("504 5.5.4 PLAIN and LOGIN are known");
      return;
    }
    user =
        credentials[0].length == 0
            ? Optional.empty()
            : desk.login(
                new String(credentials[0], StandardCharsets.UTF_8), credentials[1], link.remote());
    if (user.isPresent()) {
      say("235 2.7.0 Welcome");
    } else if (++logins >= LOGINS_MAX) {
      out("421 4.7.0 Too many failed logins");
    } else {
      err("535 5.7.8 User name or password are wrong");
    }
  }

  private String asked(String question) throws IOException {
    say("334 " + question);
    return line(AUTH_LINE_MAX);
  }

  private static byte[][] plain(String base64) {
    var bytes = decoded(base64);
    var first = indexOfZero(bytes, 0);
    var second = first < 0 ? -1 : indexOfZero(bytes, first + 1);
    if (second < 0) {
      return new byte[][] {{}, {}};
    }
    return new byte[][] {
      java.util.Arrays.copyOfRange(bytes, first + 1, second),
      java.util.Arrays.copyOfRange(bytes, second + 1, bytes.length)
    };
  }

  private static int indexOfZero(byte[] bytes, int from) {
    for (var i = from; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private void mail(SmtpCommand command) throws IOException {
    if (!greeted) {
      err("503 5.5.1 Say hello first");
      return;
    }
    if (desk.wantsLogin() && user.isEmpty()) {
      err(link.isSecure() ? "530 5.7.0 Log in first" : "530 5.7.0 Encrypt first, with STARTTLS");
      return;
    }
    if (from != null) {
      err("503 5.5.1 There is a sender already");
      return;
    }
    if (++messages > MESSAGES_MAX) {
      out("421 4.7.0 Enough messages on one connection");
    }
    var path = command.path();
    if (path.isEmpty() || !MAIL_PARAMETERS.containsAll(path.get().parameters().keySet())) {
      err(path.isEmpty() ? "501 5.5.4 MAIL FROM:<address>" : "555 5.5.4 Unknown parameter");
      return;
    }
    var size = path.get().parameters().getOrDefault("SIZE", "0");
    if (!size.matches("\\d{1,20}")) {
      err("501 5.5.4 SIZE is a number");
      return;
    }
    if (size.length() > SIZE_DIGITS_MAX || Long.parseLong(size) > config.messageBytesMax()) {
      err("552 5.3.4 The message is too large");
      return;
    }
    var refused = desk.refuseSender(user, path.get().address());
    if (!refused.isEmpty()) {
      err(refused);
      return;
    }
    from = path.get().address();
    announced = Long.parseLong(size);
    say("250 2.1.0 Ok");
  }

  private void rcpt(SmtpCommand command) throws IOException {
    var sender = from;
    if (sender == null) {
      err("503 5.5.1 A sender first");
      return;
    }
    var path = command.path();
    if (path.isEmpty() || !path.get().parameters().isEmpty()) {
      err(path.isEmpty() ? "501 5.5.4 RCPT TO:<address>" : "555 5.5.4 Unknown parameter");
      return;
    }
    if (to.size() >= config.recipientsMax()) {
      err("452 4.5.3 Too many recipients");
      return;
    }
    var refused =
        desk.refuseRecipient(
            new SmtpDesk.Envelope(user, sender, List.copyOf(to)), path.get().address());
    if (!refused.isEmpty()) {
      err(refused);
      return;
    }
    to.add(path.get().address());
    say("250 2.1.5 Ok");
  }

  private void data() throws IOException {
    var sender = from;
    if (sender == null || to.isEmpty()) {
      err("503 5.5.1 Sender and recipients first");
      return;
    }
    say("354 End with a dot on a line of its own");
    var data = new SmtpData(config.messageBytesMax(), desk.keptBytesMax(), announced);
    if (!data.readFrom(link::read)) {
      out("421 4.3.4 The message has no end");
    }
    var envelope = new SmtpDesk.Envelope(user, sender, List.copyOf(to));
    reset();
    if (data.isTooLarge()) {
      err("552 5.3.4 The message is too large");
    } else if (data.isBroken()) {
      // Nothing behind it can be trusted either.
      out("550 5.6.11 Lines of a message end with CR and LF");
    } else {
      say(desk.take(envelope, data.takeMessage()));
    }
  }
}
