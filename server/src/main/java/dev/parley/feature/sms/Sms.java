package dev.parley.feature.sms;

import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.protocol.sms.SegmentedText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The front door of sending. What is accepted is in the queue on the disk when {@link #send}
 * returns, and is handed to a carrier or reported as failed, whatever happens in between.
 */
final class Sms {
  /** What is counted as usage: segments, by sender. */
  static final String METER = "sms.segments";

  private final SmsConfig config;
  private final Stores stores;
  private final Senders senders;
  private final OptOuts optOuts;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final MessageIds ids;
  private final Consumer<SenderKey> queued;
  private final Endings endings;
  private final SmsStore rows = new SmsStore();
  private final QueueStore queue = new QueueStore();

  /** A recipient whose members are in order, at its place in the request. */
  private record Ready(int place, String to, @Nullable String repeatId, String messageId) {}

  /**
   * The room.
   *
   * @param queued hears whose queue has grown, after the commit
   */
  Sms(
      SmsConfig config,
      Stores stores,
      Senders senders,
      OptOuts optOuts,
      DueJobs dueJobs,
      ServiceClock clock,
      MessageIds ids,
      Consumer<SenderKey> queued) {
    this.config = config;
    this.stores = stores;
    this.senders = senders;
    this.optOuts = optOuts;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.ids = ids;
    this.queued = queued;
    this.endings = new Endings(clock);
  }

  /**
   * Queues one message for each recipient, and says for each what became of it. A recipient that is
   * named twice gets one message.
   *
   * @throws dev.parley.base.words.Refusal 401 when the resource does not own the sender
   */
  List<SendResult> send(Caller caller, NewSms wish) {
    var pool = senders.sending(caller.resource(), wish.from());
    var now = clock.now(caller.resource());
    var results = new ArrayList<@Nullable SendResult>();
    var bySender = new LinkedHashMap<SenderKey, List<Ready>>();
    for (var recipient : wish.recipients()) {
      var sender = Senders.sticky(pool, recipient.to());
      var refused = refused(sender, recipient);
      if (refused.isEmpty()) {
        bySender
            .computeIfAbsent(sender, _ -> new ArrayList<>())
            .add(
                new Ready(results.size(), recipient.to(), recipient.repeatId(), ids.outgoing(now)));
      }
      results.add(refused.orElse(null));
    }
    bySender.forEach((key, ready) -> {
      var accepted =
          stores
              .of(key.resource())
              .write(key.partition(), tx -> accept(tx, caller, key, wish, ready));
      for (var i = 0; i < ready.size(); i++) {
        results.set(ready.get(i).place(), accepted.get(i));
      }
      queued.accept(key);
    });
    return results.stream().map(Objects::requireNonNull).toList();
  }

  /** How a message of this resource ended; empty while it has not, and for what is unknown. */
  Optional<DeliveryReport> report(Caller caller, String messageId) {
    var resource = caller.resource();
    return stores
        .of(resource)
        .read(all ->
            rows.senderOf(all, resource, messageId)
                .flatMap(key ->
                    rows.outgoing(all, key, messageId)
                        .filter(message -> !message.open())
                        .map(message -> message.reportFrom(key.sender()))));
  }

  private Optional<SendResult> refused(SenderKey sender, NewSms.Recipient recipient) {
    var repeatable = recipient.repeatId() != null || recipient.firstSent() != null;
    if (!Senders.isNumber(recipient.to())) {
      return Optional.of(refusal(recipient.to(), false, SmsProblems.BAD_TO));
    }
    if (repeatable && !isDate(recipient.firstSent())) {
      return Optional.of(refusal(recipient.to(), true, SmsProblems.BAD_FIRST_SENT));
    }
    if (repeatable && !isUuid(recipient.repeatId())) {
      return Optional.of(refusal(recipient.to(), true, SmsProblems.BAD_REPEAT_ID));
    }
    if (senders.nameForbidden(sender.sender(), recipient.to())) {
      return Optional.of(refusal(recipient.to(), false, SmsProblems.NAME_NOT_ALLOWED));
    }
    return Optional.empty();
  }

  private static SendResult refusal(String to, boolean repeatable, String message) {
    return new SendResult(
        to,
        Optional.empty(),
        400,
        repeatable ? Optional.of("rejected") : Optional.empty(),
        Optional.of(message));
  }

  /** Stores the messages of one sender; results in the order of {@code ready}. */
  private List<SendResult> accept(
      Tx tx, Caller caller, SenderKey key, NewSms wish, List<Ready> ready) {
    var known = repeats(tx, key, ready);
    var blocked = optOuts.among(tx, key, ready.stream().map(Ready::to).distinct().toList());
    var now = clock.now(key.resource());
    var batch =
        new Batch(
            key,
            wish,
            ready.getFirst().messageId(),
            SegmentedText.of(wish.message()).segments(),
            now,
            now.plus(wish.timeout().orElse(config.reportTimeout())));
    var results = new ArrayList<SendResult>();
    var fresh = new HashMap<String, String>();
    for (var one : ready) {
      var before = one.repeatId() == null ? null : known.get(one.repeatId());
      if (before != null) {
        results.add(repeated(tx, key, wish, one, before));
      } else {
        var messageId = fresh.get(one.to());
        if (messageId == null) {
          messageId = one.messageId();
          fresh.put(one.to(), messageId);
          insert(tx, batch, one, blocked.contains(one.to()));
        }
        results.add(SendResult.accepted(one.to(), messageId, one.repeatId() != null));
      }
    }
    if (!fresh.isEmpty()) {
      rows.insertText(tx, key, batch.textId(), wish.message());
      tx.publish(usage(batch, fresh.size()), caller.origin());
      Upkeep.schedule(dueJobs, tx, key, now, batch.deadline());
    }
    return results;
  }

  /** What all messages of one unit have in common. */
  private record Batch(
      SenderKey key, NewSms wish, String textId, int segments, Instant now, Instant deadline) {}

  /** Segments of all messages of the unit together. */
  private static UsageEvent usage(Batch batch, int messages) {
    return new UsageEvent.Recorded(
        METER, (long) batch.segments() * messages, batch.key().sender(), batch.now());
  }

  private void insert(Tx tx, Batch batch, Ready one, boolean blocked) {
    var message =
        new Outgoing(
            one.messageId(),
            one.to(),
            batch.textId(),
            batch.wish().tag(),
            one.repeatId(),
            batch.wish().origin(),
            batch.wish().report(),
            batch.segments(),
            batch.now(),
            batch.deadline(),
            Outgoing.State.OPEN,
            DeliveryCode.UNKNOWN,
            Instant.EPOCH,
            0,
            0);
    if (blocked) {
      var ended = message.ended(DeliveryCode.OPTED_OUT, 0, batch.segments(), batch.now());
      rows.insert(tx, batch.key(), ended);
      endings.tell(tx, batch.key(), ended);
    } else {
      rows.insert(tx, batch.key(), message);
      queue.insert(
          tx, batch.key(), batch.wish().priority(), batch.now().toEpochMilli(), one.messageId());
    }
  }

  private Map<String, Outgoing> repeats(Tx tx, SenderKey key, List<Ready> ready) {
    var wanted = ready.stream().map(Ready::repeatId).filter(Objects::nonNull).distinct().toList();
    if (wanted.isEmpty()) {
      return Map.of();
    }
    var known = new HashMap<String, Outgoing>();
    for (var message : rows.byRepeats(tx, key, wanted)) {
      known.put(Objects.requireNonNull(message.repeatId()), message);
    }
    return known;
  }

  /** The first answer again, if it is the same request. */
  private SendResult repeated(Tx tx, SenderKey key, NewSms wish, Ready one, Outgoing before) {
    var same =
        before.recipient().equals(one.to())
            && Objects.equals(before.tag(), wish.tag())
            && rows.text(tx, key, before.textId())
                .map(text -> text.isEmpty() || text.equals(wish.message()))
                .orElse(true);
    return same
        ? SendResult.accepted(one.to(), before.messageId(), true)
        : refusal(one.to(), true, SmsProblems.OTHER_REQUEST);
  }

  private static boolean isDate(@Nullable String text) {
    if (text == null || text.length() > 40) {
      return false;
    }
    try {
      DateTimeFormatter.RFC_1123_DATE_TIME.parse(text);
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static boolean isUuid(@Nullable String text) {
    if (text == null || text.length() != 36) {
      return false;
    }
    try {
      UUID.fromString(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
