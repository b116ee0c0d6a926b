package dev.parley.feature.sms;

import dev.parley.base.kit.Json;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Handsets and what they got. */
final class HandsetStore {
  /** Sorts behind every digit, so that it ends the range of a prefix. */
  private static final String AFTER_DIGITS = "~";

  /** Once, however often the carrier is handed the message. */
  void insert(Tx tx, ResourceId resource, Submission message, int segments, Instant at) {
    tx.run(
        "INSERT INTO sms_handset_message (resource_id, handset, message_id, sender, body, segments,"
            + " at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, handset, message_id) DO NOTHING",
        resource.value(),
        message.to(),
        message.messageId(),
        message.from(),
        message.text(),
        (long) segments,
        at.toEpochMilli());
  }

  /** Newest first; of one handset, or of all whose numbers begin with what stands before a star. */
  List<HandsetMessage> inbox(Rows all, ResourceId resource, Handsets.Search search, Instant now) {
    var range = search.to().endsWith("*");
    var low = range ? search.to().substring(0, search.to().length() - 1) : search.to();
    var high = range ? low + AFTER_DIGITS : low;
    return all.all(
        "SELECT message_id, sender, handset, body, segments, at_ms FROM sms_handset_message"
            + " WHERE resource_id = ? AND handset >= ? AND handset <= ? AND message_id > ?"
            + " AND at_ms <= ? AND (? = '' OR sender = ?) ORDER BY message_id DESC LIMIT ?",
        HandsetStore::message,
        resource.value(),
        low,
        high,
        search.after() == null ? "" : search.after(),
        now.toEpochMilli(),
        search.from() == null ? "" : search.from(),
        search.from() == null ? "" : search.from(),
        (long) search.limit());
  }

  void delete(Tx tx, ResourceId resource, String handset, String messageId) {
    tx.run(
        "DELETE FROM sms_handset_message WHERE resource_id = ? AND handset = ? AND message_id = ?",
        resource.value(),
        handset,
        messageId);
  }

  /** Deletes what came before; true when there may be more of it. */
  boolean forget(Tx tx, ResourceId resource, String handset, Instant before, int limit) {
    var old =
        tx.all(
            "SELECT message_id FROM sms_handset_message"
                + " WHERE resource_id = ? AND handset = ? AND message_id < ?"
                + " ORDER BY message_id LIMIT ?",
            row -> row.text(1),
            resource.value(),
            handset,
            MessageIds.outgoingBefore(before),
            (long) limit);
    old.forEach(id -> delete(tx, resource, handset, id));
    return old.size() == limit;
  }

  /** Whether the handset has anything. */
  boolean any(Rows all, ResourceId resource, String handset) {
    return all.one(
            "SELECT message_id FROM sms_handset_message"
                + " WHERE resource_id = ? AND handset = ? LIMIT 1",
            row -> row.text(1),
            resource.value(),
            handset)
        .isPresent();
  }

  Optional<Handsets.Behaviour> behaviour(Rows all, ResourceId resource, String handset) {
    return all.one(
        "SELECT behaviour FROM sms_handset WHERE resource_id = ? AND handset = ?",
        row -> Json.read(row.text(1), Handsets.Behaviour.class),
        resource.value(),
        handset);
  }

  void behave(Tx tx, ResourceId resource, String handset, Handsets.Behaviour behaviour) {
    tx.run(
        "INSERT INTO sms_handset (resource_id, handset, behaviour) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, handset) DO UPDATE SET behaviour = excluded.behaviour",
        resource.value(),
        handset,
        Json.text(behaviour));
  }

  private static HandsetMessage message(Row row) {
    return new HandsetMessage(
        row.text(1), row.text(2), row.text(3), row.text(4), (int) row.number(5), row.time(6));
  }
}
