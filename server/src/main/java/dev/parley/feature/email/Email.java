package dev.parley.feature.email;

import dev.parley.base.store.Stores;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ServiceClock;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeDraft;
import dev.parley.protocol.mime.MimeWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** The front door of email: sends messages, and says what became of a send operation. */
public final class Email {
  private static final Pattern GUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH);

  private final EmailConfig config;
  private final Stores stores;
  private final Domains domains;
  private final Acceptance acceptance;
  private final ServiceClock clock;
  private final SecureRandom random;
  private final EmailStore rows = new EmailStore();

  Email(
      EmailConfig config,
      Stores stores,
      Domains domains,
      Acceptance acceptance,
      ServiceClock clock,
      SecureRandom random) {
    this.config = config;
    this.stores = stores;
    this.domains = domains;
    this.acceptance = acceptance;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Accepts a message for delivery; durable when it returns. The same operation id with the same
   * message is the same operation.
   */
  SendOperation send(Resource resource, Caller caller, NewEmail email) {
    EmailShape.check(email, config);
    var now = clock.now(caller.resource());
    var id =
        email
            .operationId()
            .map(given -> given.toLowerCase(Locale.ROOT))
            .orElseGet(() -> freshId(now));
    if (!GUID.matcher(id).matches()) {
      throw EmailProblems.badOperationId();
    }
    var sender = domains.sender(resource, email.sender());
    var internetId = id + "@" + sender.domain().domain();
    var recipients = new LinkedHashMap<String, String>();
    for (var list : List.of(email.to(), email.cc(), email.bcc())) {
      list.forEach(to -> recipients.putIfAbsent(Addresses.folded(to.address()), to.address()));
    }
    var message =
        new NewMessage(
            new MessageKey(caller.resource(), id),
            email.bodyHash(),
            email.sender(),
            sender.domain(),
            internetId,
            List.copyOf(recipients.values()),
            content(email, sender, internetId, now),
            sender.domain().tracking() && !email.trackingOff());
    return acceptance.accept(message, caller.origin());
  }

  /** Refuses a sender that the resource may not send as. */
  public void checkSender(Resource resource, String address) {
    if (!Addresses.isAddress(address)) {
      throw EmailProblems.badAddress("senderAddress", "");
    }
    domains.sender(resource, address);
  }

  /**
   * Accepts a message that is written already; durable when it returns.
   *
   * @param recipients of the envelope
   * @return the operation's id
   */
  public String submit(
      Resource resource,
      Origin origin,
      String sender,
      List<String> recipients,
      SubmittedMail mail) {
    if (mail.message().length > config.requestBytesMax()) {
      throw EmailProblems.tooLarge(config.requestBytesMax());
    }
    var now = clock.now(resource.id());
    var id = freshId(now);
    var domain = domains.sender(resource, sender).domain();
    var internetId = id + "@" + domain.domain();
    var first =
        (mail.hasId() ? "" : "Message-ID: <" + internetId + ">\r\n")
            + (mail.hasDate() ? "" : "Date: " + DATE.format(now.atZone(ZoneOffset.UTC)) + "\r\n");
    var unique = new LinkedHashMap<String, String>();
    recipients.forEach(to -> unique.putIfAbsent(Addresses.folded(to), to));
    var message =
        new NewMessage(
            new MessageKey(resource.id(), id),
            id.replace("-", ""),
            sender,
            domain,
            internetId,
            List.copyOf(unique.values()),
            written(first, mail),
            domain.tracking());
    acceptance.accept(message, origin);
    return id;
  }

  private static MessageContent written(String first, SubmittedMail mail) {
    var fields = first.getBytes(StandardCharsets.US_ASCII);
    var head = Arrays.copyOf(fields, fields.length + mail.header().length);
    System.arraycopy(mail.header(), 0, head, fields.length, mail.header().length);
    return new MessageContent.Written(head, mail.message(), mail.bodyFrom());
  }

  private static MessageContent content(
      NewEmail email, Domains.Sender sender, String internetId, Instant now) {
    var draft =
        new MimeDraft(
            internetId,
            now,
            new MimeAddress(email.sender(), sender.displayName()),
            email.to(),
            email.cc(),
            email.replyTo(),
            email.subject(),
            email.plainText(),
            email.html(),
            email.files(),
            email.headers());
    if (EmailShape.writtenBytes(email) > Placed.ROW_BYTES_MAX) {
      return new MessageContent.Draft(draft);
    }
    try (var out = new ByteArrayOutputStream()) {
      MimeWriter.write(draft, out);
      return new MessageContent.Written(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operation by its id, in any case. */
  SendOperation operation(Caller caller, String id) {
    var key = new MessageKey(caller.resource(), id.toLowerCase(Locale.ROOT));
    return stores
        .of(caller.resource())
        .read(all -> rows.operation(all, key))
        .orElseThrow(() -> EmailProblems.operationNotFound(id));
  }

  /** Rises with time (RFC 9562 version 7), so that new rows lie side by side. */
  private String freshId(Instant now) {
    var high = (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(0x1000);
    var low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
