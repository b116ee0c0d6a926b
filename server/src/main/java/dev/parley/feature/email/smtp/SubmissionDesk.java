package dev.parley.feature.email.smtp;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.words.Refusal;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.Email;
import dev.parley.feature.email.SubmittedMail;
import dev.parley.protocol.mime.MimeHead;
import dev.parley.protocol.mime.MimeMail;
import dev.parley.protocol.mime.MimeReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes mail from those who logged in, under the same rules as the API. */
final class SubmissionDesk implements SmtpDesk {
  private static final Logger log = LoggerFactory.getLogger(SubmissionDesk.class);

  /** A message that went through so many servers goes in circles (RFC 5321 section 6.3). */
  private static final int HOPS_MAX = 50;

  private final SmtpLogins logins;
  private final Email email;

  SubmissionDesk(SmtpLogins logins, Email email) {
    this.logins = logins;
    this.email = email;
  }

  @Override
  public boolean wantsLogin() {
    return true;
  }

  @Override
  public Optional<SmtpLogin> login(String user, byte[] password, InetAddress from) {
    var login = logins.login(user, password);
    if (login.isEmpty()) {
      log.info("a login by SMTP from {} failed", from.getHostAddress());
    }
    return login;
  }

  @Override
  public String refuseSender(Optional<SmtpLogin> user, String from) {
    return said(() -> email.checkSender(user.orElseThrow().resource(), from));
  }

  @Override
  public String refuseRecipient(Envelope envelope, String to) {
    return Addresses.isAddress(to) ? "" : "553 5.1.3 This is no address";
  }

  @Override
  public int keptBytesMax() {
    return Integer.MAX_VALUE;
  }

  @Override
  public String take(Envelope envelope, byte[] message) {
    var parsed = MimeReader.readHeader(message);
    var hops =
        parsed.headers().stream()
            .filter(header -> header.name().equalsIgnoreCase("Received"))
            .count();
    if (hops > HOPS_MAX) {
      return "554 5.4.6 The message goes in circles";
    }
    if (parsed.authors().isEmpty()) {
      return "550 5.6.0 The message names no author";
    }
    var login = envelope.user().orElseThrow();
    var id = new String[1];
    var refused =
        said(() -> {
          // What readers see counts, not only what servers see.
          for (var shown : parsed.shownAsSenders()) {
            email.checkSender(login.resource(), shown.address());
          }
          id[0] =
              email.submit(
                  login.resource(),
                  login.caller().origin(),
                  parsed.from().address(),
                  envelope.to(),
                  mail(message, parsed));
        });
    return refused.isEmpty() ? "250 2.0.0 Ok: queued as " + id[0] : refused;
  }

  private static SubmittedMail mail(byte[] message, MimeMail parsed) {
    var bodyFrom = MimeHead.length(message);
    return new SubmittedMail(
        header(message, bodyFrom, parsed.header("Bcc").isPresent()),
        message,
        bodyFrom,
        parsed.header("Message-ID").isPresent(),
        parsed.header("Date").isPresent());
  }

  /** Blind copies are for the envelope only. */
  private static byte[] header(byte[] message, int length, boolean hasBcc) {
    if (!hasBcc) {
      return Arrays.copyOf(message, length);
    }
    var text = new String(message, 0, length, StandardCharsets.ISO_8859_1);
    return text.replaceAll("(?im)^Bcc[ \t]*:.*\r\n(?:[ \t].*\r\n)*", "")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What the rules say, in the words of SMTP. */
  private static String said(Runnable rule) {
    try {
      rule.run();
      return "";
    } catch (Refusal refusal) {
      var enhanced =
          switch (refusal.code().toLowerCase(Locale.ROOT)) {
            case "domainnotlinked" -> "550 5.1.7 ";
            case "invalidsenderusername", "domainnotverified" -> "550 5.7.1 ";
            case "emailrecipientlimitexceeded" -> "452 4.5.3 ";
            case "requestentitytoolarge" -> "552 5.3.4 ";
            default -> "550 5.6.0 ";
          };
      return enhanced + refusal.message();
    } catch (StoreUnavailable _) {
      return "451 4.3.0 The server cannot take it now";
    }
  }
}
