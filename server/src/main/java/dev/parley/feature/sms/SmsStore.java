package dev.parley.feature.sms;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.DeliveryCode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Outgoing messages and what became of them, to rows and back. {@link QueueStore} has the queue.
 */
final class SmsStore {
  private static final String OUTGOING =
      "SELECT message_id, recipient, text_id, tag, repeat_id, origin, report, segments, accepted_ms,"
          + " deadline_ms, state, code, done_ms, succeeded, failed FROM sms_outgoing ";

  private static final String BY_REPEATS =
      OUTGOING + "WHERE resource_id = ? AND sender = ? AND repeat_id IN (" + Padded.MARKS + ")";

  void insertText(Tx tx, SenderKey key, String textId, String body) {
    tx.add(
        "INSERT INTO sms_text (resource_id, sender, text_id, body) VALUES (?, ?, ?, ?)",
        key.resource().value(),
        key.sender(),
        textId,
        body);
  }

  Optional<String> text(Rows all, SenderKey key, String textId) {
    return all.one(
        "SELECT body FROM sms_text WHERE resource_id = ? AND sender = ? AND text_id = ?",
        row -> row.text(1),
        key.resource().value(),
        key.sender(),
        textId);
  }

  void insert(Tx tx, SenderKey key, Outgoing message) {
    tx.add(
        "INSERT INTO sms_outgoing (resource_id, sender, message_id, recipient, text_id, tag,"
            + " repeat_id, origin, report, segments, accepted_ms, deadline_ms, state, code, done_ms,"
            + " succeeded, failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        key.sender(),
        message.messageId(),
        message.recipient(),
        message.textId(),
        message.tag(),
        message.repeatId(),
        message.origin(),
        message.report() ? 1L : 0L,
        (long) message.segments(),
        message.accepted().toEpochMilli(),
        message.deadline().toEpochMilli(),
        message.state().number(),
        (long) message.code().number(),
        message.done().toEpochMilli(),
        (long) message.succeeded(),
        (long) message.failed());
  }

  /** Stores how the message ended. */
  void end(Tx tx, SenderKey key, Outgoing message) {
    tx.run(
        "UPDATE sms_outgoing SET state = ?, code = ?, done_ms = ?, succeeded = ?, failed = ?"
            + " WHERE resource_id = ? AND sender = ? AND message_id = ?",
        message.state().number(),
        (long) message.code().number(),
        message.done().toEpochMilli(),
        (long) message.succeeded(),
        (long) message.failed(),
        key.resource().value(),
        key.sender(),
        message.messageId());
  }

  Optional<Outgoing> outgoing(Rows all, SenderKey key, String messageId) {
    return all.one(
        OUTGOING + "WHERE resource_id = ? AND sender = ? AND message_id = ?",
        SmsStore::outgoing,
        key.resource().value(),
        key.sender(),
        messageId);
  }

  /** Messages that were sent with one of these repeatability ids. */
  List<Outgoing> byRepeats(Rows all, SenderKey key, Collection<String> repeatIds) {
    return all.all(
        BY_REPEATS,
        SmsStore::outgoing,
        Padded.values(List.of(key.resource().value(), key.sender()), repeatIds));
  }

  /** The sender of a message of which only the id is known. */
  Optional<SenderKey> senderOf(Rows all, ResourceId resource, String messageId) {
    return all.one(
        "SELECT sender FROM sms_outgoing WHERE resource_id = ? AND message_id = ?",
        row -> new SenderKey(resource, row.text(1)),
        resource.value(),
        messageId);
  }

  /** Open messages whose time is over, at most so many. */
  List<Outgoing> overdue(Rows all, SenderKey key, Instant now, int limit) {
    return all.all(
        OUTGOING
            + "WHERE resource_id = ? AND sender = ? AND state = 0 AND deadline_ms <= ?"
            + " ORDER BY deadline_ms LIMIT ?",
        SmsStore::outgoing,
        key.resource().value(),
        key.sender(),
        now.toEpochMilli(),
        (long) limit);
  }

  /** A segment of a message that no carrier was handed before. */
  void addPart(Tx tx, SenderKey key, String messageId, CarrierPart part) {
    tx.add(
        "INSERT INTO sms_part (resource_id, sender, message_id, part, carrier, carrier_id, state)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        values(key, messageId, part));
  }

  /** A segment that may have been handed over before. */
  void putPart(Tx tx, SenderKey key, String messageId, CarrierPart part) {
    tx.run(
        "INSERT INTO sms_part (resource_id, sender, message_id, part, carrier, carrier_id, state)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, sender, message_id, part)"
            + " DO UPDATE SET carrier = excluded.carrier, carrier_id = excluded.carrier_id,"
            + " state = excluded.state",
        values(key, messageId, part));
  }

  private static Object[] values(SenderKey key, String messageId, CarrierPart part) {
    return new Object[] {
      key.resource().value(),
      key.sender(),
      messageId,
      (long) part.part(),
      part.carrier(),
      part.carrierId(),
      (long) part.state()
    };
  }

  /** False when what the id stands for is in that state already, or nobody took it. */
  boolean updateParts(Tx tx, PartPlace place, int state) {
    return tx.run(
            "UPDATE sms_part SET state = ? WHERE resource_id = ? AND sender = ? AND message_id = ?"
                + " AND carrier = ? AND carrier_id = ? AND state <> ?",
            (long) state,
            place.key().resource().value(),
            place.key().sender(),
            place.messageId(),
            place.carrier(),
            place.carrierId(),
            (long) state)
        > 0;
  }

  List<CarrierPart> parts(Rows all, SenderKey key, String messageId) {
    return all.all(
        "SELECT carrier, carrier_id, part, state FROM sms_part"
            + " WHERE resource_id = ? AND sender = ? AND message_id = ? ORDER BY part",
        row -> new CarrierPart(row.text(1), row.text(2), (int) row.number(3), (int) row.number(4)),
        key.resource().value(),
        key.sender(),
        messageId);
  }

  /**
   * Segments that a carrier gave an id to, newest message first. Carriers serve the whole house, so
   * this is the one question that names no resource.
   */
  List<PartPlace> byCarrierId(Rows all, String carrier, String carrierId) {
    return all.all(
        "SELECT resource_id, sender, message_id FROM sms_part"
            + " WHERE carrier = ? AND carrier_id = ? ORDER BY message_id DESC LIMIT 5",
        row ->
            new PartPlace(
                new SenderKey(new ResourceId(row.text(1)), row.text(2)),
                row.text(3),
                carrier,
                carrierId),
        carrier,
        carrierId);
  }

  private static Outgoing outgoing(Row row) {
    return new Outgoing(
        row.text(1),
        row.text(2),
        row.text(3),
        row.textIf(4).orElse(null),
        row.textIf(5).orElse(null),
        row.text(6),
        row.number(7) == 1,
        (int) row.number(8),
        row.time(9),
        row.time(10),
        Outgoing.State.of(row.number(11)),
        DeliveryCode.of((int) row.number(12)).orElse(DeliveryCode.UNKNOWN),
        row.time(13),
        (int) row.number(14),
        (int) row.number(15));
  }
}
