package dev.parley.feature.sms;

import dev.parley.base.event.SmsDetail;
import dev.parley.base.event.SmsEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.InboundSegment;
import dev.parley.protocol.sms.Concatenation;
import dev.parley.protocol.sms.SegmentedText;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What handsets send: segments are put together, keywords change the opt-out ledger and are
 * answered, and every message, keywords too, becomes an event.
 */
final class Inbound {
  /** Marks our own answers to keywords, which opt-outs do not hold back. */
  static final String REPLY_ORIGIN = "keyword";

  static final String REASSEMBLY = "sms.reassembly";

  private final SmsConfig config;
  private final Stores stores;
  private final SenderDirectory directory;
  private final OptOuts optOuts;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final MessageIds ids;
  private final Consumer<SenderKey> queued;
  private final Keywords keywords;
  private final IncomingStore rows = new IncomingStore();
  private final SmsStore outgoing = new SmsStore();
  private final QueueStore queue = new QueueStore();

  /** Ids that a unit may need, made before it. */
  private record Fresh(String incoming, String reply, String entry) {}

  Inbound(
      SmsConfig config,
      Stores stores,
      SenderDirectory directory,
      OptOuts optOuts,
      DueJobs dueJobs,
      ServiceClock clock,
      MessageIds ids,
      Consumer<SenderKey> queued) {
    this.config = config;
    this.stores = stores;
    this.directory = directory;
    this.optOuts = optOuts;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.ids = ids;
    this.queued = queued;
    this.keywords = new Keywords(config.keywords());
  }

  void start() {
    dueJobs.handle(
        REASSEMBLY,
        (tx, partition, detail) -> {
          var sender = partition.value().substring("sms:".length());
          giveOutIncomplete(tx, new SenderKey(partition.resource(), sender), detail);
        });
  }

  /**
   * Takes what a carrier brought; durable on return.
   *
   * @return false when nobody owns the number, or it cannot receive
   */
  boolean receive(InboundSegment segment) {
    var owner = directory.owner(segment.to());
    if (owner.isEmpty()
        || directory
            .rights(owner.get(), segment.to())
            .filter(SenderDirectory.Rights::receive)
            .isEmpty()) {
      return false;
    }
    var key = new SenderKey(owner.get(), segment.to());
    var fresh = fresh(key);
    var replied =
        stores
            .of(key.resource())
            .write(
                key.partition(),
                tx ->
                    segment.place().filter(place -> place.total() > 1).isPresent()
                        ? part(tx, key, segment, segment.place().get(), fresh)
                        : whole(tx, key, segment.from(), segment.text(), fresh));
    if (replied) {
      queued.accept(key);
    }
    return true;
  }

  private Fresh fresh(SenderKey key) {
    var now = clock.now(key.resource());
    return new Fresh(ids.incoming(now), ids.outgoing(now), ids.incoming(now));
  }

  /** Keeps a segment; with the last one the message is whole. */
  private boolean part(
      Tx tx, SenderKey key, InboundSegment segment, Concatenation place, Fresh fresh) {
    var group = new IncomingStore.Group(segment.from(), place.reference(), place.total());
    var now = clock.now(key.resource());
    rows.keep(tx, key, group, place.sequence(), segment.text(), now);
    var parts = rows.parts(tx, key, group);
    if (parts.size() < place.total()) {
      dueJobs.schedule(
          tx,
          key.partition(),
          REASSEMBLY,
          group.name(),
          now.plus(config.reassembly()),
          group.name());
      return false;
    }
    rows.drop(tx, key, group);
    dueJobs.cancel(tx, key.partition(), REASSEMBLY, group.name());
    return whole(tx, key, segment.from(), String.join("", parts), fresh);
  }

  /** The other segments did not come in time; what is there is better than nothing. */
  private void giveOutIncomplete(Tx tx, SenderKey key, String name) {
    var group = IncomingStore.Group.ofName(name);
    var parts = rows.parts(tx, key, group);
    if (!parts.isEmpty()) {
      rows.drop(tx, key, group);
      whole(tx, key, group.handset(), String.join("", parts), fresh(key));
    }
  }

  /** Stores a message, and does what it says if it is a keyword; whether there is an answer. */
  private boolean whole(Tx tx, SenderKey key, String handset, String raw, Fresh fresh) {
    var now = clock.now(key.resource());
    var text = storable(raw);
    rows.insert(tx, key, fresh.incoming(), handset, text, now);
    tx.publish(
        new SmsEvent.Received(key.sender(), fresh.incoming()),
        Origin.service("sms"),
        new SmsDetail.Received(fresh.incoming(), handset, key.sender(), text, now));
    Upkeep.scheduleRetention(dueJobs, tx, key, now);
    var match = keywords.match(text);
    if (match.isEmpty()) {
      return false;
    }
    if (match.get().action() != Keywords.Action.HELP) {
      optOuts.heard(tx, key, handset, match.get(), fresh.entry());
    }
    return match
        .filter(found -> config.keywordReplies() && !found.reply().isEmpty())
        .filter(_ -> Senders.isNumber(handset))
        .map(found -> reply(tx, key, handset, found.reply(), fresh.reply(), now))
        .orElse(false);
  }

  private boolean reply(
      Tx tx, SenderKey key, String handset, String text, String messageId, Instant now) {
    outgoing.insertText(tx, key, messageId, text);
    var deadline = now.plus(config.reportTimeout());
    outgoing.insert(
        tx,
        key,
        new Outgoing(
            messageId,
            handset,
            messageId,
            null,
            null,
            REPLY_ORIGIN,
            false,
            SegmentedText.of(text).segments(),
            now,
            deadline,
            Outgoing.State.OPEN,
            DeliveryCode.UNKNOWN,
            Instant.EPOCH,
            0,
            0));
    queue.insert(tx, key, 0, now.toEpochMilli(), messageId);
    Upkeep.schedule(dueJobs, tx, key, now, deadline);
    return true;
  }

  /** Text as UTF-8 can hold it: half an emoji is replaced, and U+0000 is no character of a text. */
  private static String storable(String text) {
    var plain = new StringBuilder(text.length());
    text.codePoints()
        .filter(point -> point != 0)
        .forEach(point ->
            plain.appendCodePoint(
                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                    ? 0xFFFD
                    : point));
    return plain.toString();
  }

  /** Whether the number is this resource's, so that its caller may have it written to. */
  boolean owns(ResourceId resource, String number) {
    return directory.owner(number).filter(resource::equals).isPresent();
  }

  /** A message that came in, by its id. */
  Optional<SmsDetail.Received> find(SenderKey key, String messageId) {
    return stores.of(key.resource()).read(all -> rows.find(all, key, messageId));
  }
}
