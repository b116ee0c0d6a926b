package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;

/**
 * Receipts that an application bound to the SMPP server has not taken yet. Accounts belong to the
 * house, so they are looked up without a resource.
 */
final class SubmitterStore {
  /** A message, by its sender. */
  record Place(SenderKey key, String messageId) {}

  /** The oldest that wait for an account. */
  List<Place> waiting(Rows all, String submitter, int limit) {
    return all.all(
        "SELECT resource_id, sender, message_id FROM sms_submitter_receipt"
            + " WHERE submitter = ? ORDER BY message_id LIMIT ?",
        row -> new Place(new SenderKey(new ResourceId(row.text(1)), row.text(2)), row.text(3)),
        submitter,
        (long) limit);
  }

  Optional<SenderKey> sender(Rows all, String submitter, String messageId) {
    return all.one(
        "SELECT resource_id, sender FROM sms_submitter_receipt"
            + " WHERE submitter = ? AND message_id = ?",
        row -> new SenderKey(new ResourceId(row.text(1)), row.text(2)),
        submitter,
        messageId);
  }

  void insert(Tx tx, SenderKey key, String messageId, String submitter) {
    tx.run(
        "INSERT INTO sms_submitter_receipt (resource_id, sender, message_id, submitter)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT (resource_id, sender, message_id) DO NOTHING",
        key.resource().value(),
        key.sender(),
        messageId,
        submitter);
  }

  void delete(Tx tx, SenderKey key, String messageId, String submitter) {
    tx.run(
        "DELETE FROM sms_submitter_receipt"
            + " WHERE resource_id = ? AND sender = ? AND message_id = ? AND submitter = ?",
        key.resource().value(),
        key.sender(),
        messageId,
        submitter);
  }
}
