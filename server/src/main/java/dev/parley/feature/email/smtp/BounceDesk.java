package dev.parley.feature.email.smtp;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.EmailTokens;
import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.Outgoing;
import dev.parley.feature.email.RecipientState;
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
      Pattern.compile("(?im)^Status:\\s*([245]\\.\\d{1,3}\\.\\d{1,3})");
  private static final Pattern ACTION = Pattern.compile("(?im)^Action:\\s*([a-z-]{1,20})");

  /** The words behind the name of their kind: smtp, X-Postfix and so on. */
  private static final Pattern DIAGNOSTIC =
      Pattern.compile("(?im)^Diagnostic-Code:\\s*(?:[\\w-]{1,30};)?[ \\t]*([^\\r\\n]{1,500})");

  private static final Pattern FEEDBACK = Pattern.compile("(?im)^Feedback-Type:\\s*([a-z-]{1,30})");
  private static final Pattern FOLD = Pattern.compile("\\r\\n[ \\t]+");

  /**
   * What is reported stands before the message that a report encloses, and anybody may connect: the
   * rest would be memory for strangers.
   */
  private static final int REPORT_BYTES_MAX = 256 << 10;

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
  public int keptBytesMax() {
    return REPORT_BYTES_MAX;
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
    var feedback = part(text, "feedback-report");
    if (feedback.filter(fields -> FEEDBACK.matcher(fields).find()).isPresent()) {
      outbox.unwanted(recipient.key(), recipient.number(), "complaint");
      return;
    }
    part(text, "delivery-status").ifPresent(fields -> status(recipient, fields));
  }

  /** Delays, out-of-office notes and the like are no bounces. */
  private void status(EmailTokens.Named recipient, String fields) {
    var status = STATUS.matcher(fields);
    var action = ACTION.matcher(fields);
    if (!status.find() || !action.find() || !action.group(1).equalsIgnoreCase("failed")) {
      return;
    }
    var diagnostic = DIAGNOSTIC.matcher(fields);
    outbox.reported(
        recipient.key(),
        recipient.number(),
        RecipientState.ofRefusal(status.group(1)),
        diagnostic.find() ? diagnostic.group(1).strip() : status.group().strip());
  }

  /**
   * The fields of a part of a report (RFC 3464, RFC 5965), each on one line. What the report
   * encloses was written by others, and says nothing.
   */
  private static Optional<String> part(String text, String type) {
    var head = Pattern.compile("(?im)^Content-Type:\\s*message/" + type + "\\b").matcher(text);
    if (!head.find()) {
      return Optional.empty();
    }
    var begin = text.indexOf("\r\n\r\n", head.end());
    if (begin < 0) {
      return Optional.empty();
    }
    var end = text.indexOf("\r\n--", begin);
    var fields = text.substring(begin, end < 0 ? text.length() : end);
    return Optional.of(FOLD.matcher(fields).replaceAll(" "));
  }
}
