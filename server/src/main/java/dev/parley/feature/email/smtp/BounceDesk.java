package dev.parley.feature.email.smtp;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.EmailTokens;
import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.Outgoing;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes reports on mail that was sent from here, at addresses that only this server can have made,
 * and nothing else: it relays to nobody and answers to nobody.
 */
final class BounceDesk implements SmtpDesk {
  /** Where abuse desks send complaints; the mail complained of names the recipient. */
  private static final String COMPLAINTS = "complaints";

  private static final Pattern STATUS =
      Pattern.compile("(?im)^Status:\\s*([245])\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern ACTION = Pattern.compile("(?im)^Action:\\s*([a-z-]{1,20})");
  private static final Pattern DIAGNOSTIC =
      Pattern.compile("(?im)^Diagnostic-Code:\\s*(?:smtp;)?\\s*([^\\r\\n]{1,500})");
  private static final Pattern FEEDBACK = Pattern.compile("(?im)^Feedback-Type:\\s*([a-z-]{1,30})");

  private final String domain;
  private final EmailTokens tokens;
  private final Outbox outbox;

  BounceDesk(String domain, EmailTokens tokens, Outbox outbox) {
    this.domain = domain.toLowerCase(Locale.ROOT);
    this.tokens = tokens;
    this.outbox = outbox;
  }

  @Override
  public boolean wantsLogin() {
    return false;
  }

  @Override
  public Optional<SmtpLogin> login(String user, byte[] password, InetAddress from) {
    return Optional.empty();
  }

  @Override
  public String refuseSender(Optional<SmtpLogin> user, String from) {
    return "";
  }

  @Override
  public String refuseRecipient(Envelope envelope, String to) {
    if (!Addresses.domain(to).equals(domain)) {
      return "554 5.7.1 This server relays nothing";
    }
    var local = Addresses.local(to);
    return local.equalsIgnoreCase(COMPLAINTS) || tokens.named(Outgoing.BOUNCED, local).isPresent()
        ? ""
        : "550 5.1.1 There is no such address";
  }

  @Override
  public String take(Envelope envelope, byte[] message) {
    var text = new String(message, StandardCharsets.ISO_8859_1);
    try {
      for (var to : envelope.to()) {
        var local = Addresses.local(to);
        var named =
            local.equalsIgnoreCase(COMPLAINTS)
                ? mentioned(text)
                : tokens.named(Outgoing.BOUNCED, local);
        named.ifPresent(recipient -> tell(recipient, text));
      }
      return "250 2.0.0 Ok";
    } catch (StoreUnavailable _) {
      return "451 4.3.0 The server cannot take it now";
    }
  }

  /** The return path of the mail that a report encloses. */
  private Optional<EmailTokens.Named> mentioned(String text) {
    return Pattern.compile("(?i)(" + EmailTokens.FORM + ")@" + Pattern.quote(domain))
        .matcher(text)
        .results()
        .limit(20)
        .flatMap(found -> tokens.named(Outgoing.BOUNCED, found.group(1)).stream())
        .findFirst();
  }

  private void tell(EmailTokens.Named recipient, String text) {
    if (FEEDBACK.matcher(text).find()) {
      outbox.unwanted(recipient.key(), recipient.number(), "complaint");
      return;
    }
    var status = STATUS.matcher(text);
    var action = ACTION.matcher(text);
    var failed =
        status.find()
            && status.group(1).equals("5")
            && (!action.find() || action.group(1).equalsIgnoreCase("failed"));
    // Delays, out-of-office notes and the like are no bounces.
    if (failed) {
      var diagnostic = DIAGNOSTIC.matcher(text);
      outbox.bounced(
          recipient.key(),
          recipient.number(),
          diagnostic.find() ? diagnostic.group(1).strip() : status.group().strip());
    }
  }
}
