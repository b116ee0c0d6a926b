package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.time.Instant;
import java.util.List;

/** Takes away what is old: ids rise with time, so what is old is a range of the primary key. */
final class RetentionStore {
  /** Empties texts of before; true when there may be more of them. */
  boolean eraseBodies(Tx tx, SenderKey key, Instant before, int limit) {
    var texts =
        ids(
            tx,
            "SELECT text_id FROM sms_text WHERE resource_id = ? AND sender = ? AND text_id < ?"
                + " AND body <> '' ORDER BY text_id LIMIT ?",
            key,
            MessageIds.outgoingBefore(before),
            limit);
    for (var id : texts) {
      tx.run(
          "UPDATE sms_text SET body = '' WHERE resource_id = ? AND sender = ? AND text_id = ?",
          key.resource().value(),
          key.sender(),
          id);
    }
    var incoming =
        ids(
            tx,
            "SELECT message_id FROM sms_incoming WHERE resource_id = ? AND sender = ?"
                + " AND message_id < ? AND body <> '' ORDER BY message_id LIMIT ?",
            key,
            MessageIds.incomingBefore(before),
            limit);
    for (var id : incoming) {
      tx.run(
          "UPDATE sms_incoming SET body = '' WHERE resource_id = ? AND sender = ?"
              + " AND message_id = ?",
          key.resource().value(),
          key.sender(),
          id);
    }
    return texts.size() == limit || incoming.size() == limit;
  }

  /** Deletes messages of before, with all that belongs to them; true when there may be more. */
  boolean forget(Tx tx, SenderKey key, Instant before, int limit) {
    var outgoing =
        ids(
            tx,
            "SELECT message_id FROM sms_outgoing WHERE resource_id = ? AND sender = ?"
                + " AND message_id < ? ORDER BY message_id LIMIT ?",
            key,
            MessageIds.outgoingBefore(before),
            limit);
    for (var id : outgoing) {
      delete(
          tx,
          "DELETE FROM sms_part WHERE resource_id = ? AND sender = ? AND message_id = ?",
          key,
          id);
      delete(
          tx,
          "DELETE FROM sms_outgoing WHERE resource_id = ? AND sender = ? AND message_id = ?",
          key,
          id);
    }
    var texts =
        ids(
            tx,
            "SELECT text_id FROM sms_text WHERE resource_id = ? AND sender = ? AND text_id < ?"
                + " ORDER BY text_id LIMIT ?",
            key,
            MessageIds.outgoingBefore(before),
            limit);
    for (var id : texts) {
      delete(
          tx, "DELETE FROM sms_text WHERE resource_id = ? AND sender = ? AND text_id = ?", key, id);
    }
    var incoming =
        ids(
            tx,
            "SELECT message_id FROM sms_incoming WHERE resource_id = ? AND sender = ?"
                + " AND message_id < ? ORDER BY message_id LIMIT ?",
            key,
            MessageIds.incomingBefore(before),
            limit);
    for (var id : incoming) {
      delete(
          tx,
          "DELETE FROM sms_incoming WHERE resource_id = ? AND sender = ? AND message_id = ?",
          key,
          id);
    }
    return outgoing.size() == limit || incoming.size() == limit;
  }

  /** Whether the sender has anything left. */
  boolean any(Rows all, SenderKey key) {
    return all.one(
                "SELECT message_id FROM sms_outgoing WHERE resource_id = ? AND sender = ? LIMIT 1",
                row -> row.text(1),
                key.resource().value(),
                key.sender())
            .isPresent()
        || all.one(
                "SELECT message_id FROM sms_incoming WHERE resource_id = ? AND sender = ? LIMIT 1",
                row -> row.text(1),
                key.resource().value(),
                key.sender())
            .isPresent();
  }

  private static List<String> ids(Tx tx, String sql, SenderKey key, String before, int limit) {
    return tx.all(
        sql, row -> row.text(1), key.resource().value(), key.sender(), before, (long) limit);
  }

  private static void delete(Tx tx, String sql, SenderKey key, String id) {
    tx.run(sql, key.resource().value(), key.sender(), id);
  }
}
