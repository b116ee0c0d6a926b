package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The queue of each sender: what waits to be handed over, by priority and time. Read from its front
 * only, so its length costs nothing.
 */
final class QueueStore {
  private static final String MINE =
      " WHERE resource_id = ? AND sender = ? AND priority = ? AND due_ms = ? AND message_id = ?";

  void insert(Tx tx, SenderKey key, int priority, long due, String messageId) {
    tx.add(
        "INSERT INTO sms_queue (resource_id, sender, priority, due_ms, message_id, claimed_ms,"
            + " segment, tried) VALUES (?, ?, ?, ?, ?, 0, 0, '')",
        key.resource().value(),
        key.sender(),
        (long) priority,
        due,
        messageId);
  }

  /** The front of one priority: due, and claimed by nobody since {@code claimedBefore}. */
  List<Queued> front(
      Rows all, SenderKey key, int priority, Instant now, Instant claimedBefore, int limit) {
    return all.all(
        "SELECT q.priority, q.due_ms, q.message_id, q.claimed_ms, q.segment, q.tried, o.recipient,"
            + " o.origin, t.body, o.segments, o.state, o.deadline_ms FROM sms_queue q"
            + " JOIN sms_outgoing o ON o.resource_id = q.resource_id AND o.sender = q.sender"
            + " AND o.message_id = q.message_id"
            + " JOIN sms_text t ON t.resource_id = o.resource_id AND t.sender = o.sender"
            + " AND t.text_id = o.text_id"
            + " WHERE q.resource_id = ? AND q.sender = ? AND q.priority = ? AND q.due_ms <= ?"
            + " AND q.claimed_ms <= ? ORDER BY q.due_ms, q.message_id LIMIT ?",
        row ->
            new Queued(
                (int) row.number(1),
                row.number(2),
                row.text(3),
                row.number(4),
                (int) row.number(5),
                row.text(6),
                row.text(7),
                row.text(8),
                row.text(9),
                (int) row.number(10),
                row.number(11) == 0,
                row.time(12)),
        key.resource().value(),
        key.sender(),
        (long) priority,
        now.toEpochMilli(),
        claimedBefore.toEpochMilli(),
        (long) limit);
  }

  void claim(Tx tx, SenderKey key, Queued message, Instant now) {
    tx.run(
        "UPDATE sms_queue SET claimed_ms = ?" + MINE,
        now.toEpochMilli(),
        key.resource().value(),
        key.sender(),
        (long) message.priority(),
        message.due(),
        message.messageId());
  }

  /**
   * Claims everything of one priority from the front up to and including {@code last}: the same
   * rows that {@link #front} gave in this unit.
   */
  void claimUpTo(Tx tx, SenderKey key, Queued last, Instant claimedBefore, Instant now) {
    tx.run(
        "UPDATE sms_queue SET claimed_ms = ? WHERE resource_id = ? AND sender = ? AND priority = ?"
            + " AND (due_ms < ? OR (due_ms = ? AND message_id <= ?)) AND claimed_ms <= ?",
        now.toEpochMilli(),
        key.resource().value(),
        key.sender(),
        (long) last.priority(),
        last.due(),
        last.due(),
        last.messageId(),
        claimedBefore.toEpochMilli());
  }

  /** Puts a message back for later. */
  void postpone(Tx tx, SenderKey key, Queued message, int segment, String tried, long due) {
    tx.run(
        "UPDATE sms_queue SET due_ms = ?, claimed_ms = 0, segment = ?, tried = ?" + MINE,
        due,
        (long) segment,
        tried,
        key.resource().value(),
        key.sender(),
        (long) message.priority(),
        message.due(),
        message.messageId());
  }

  /** Takes a message out; false when it was out already. */
  boolean remove(Tx tx, SenderKey key, Queued message) {
    return tx.run(
            "DELETE FROM sms_queue" + MINE,
            key.resource().value(),
            key.sender(),
            (long) message.priority(),
            message.due(),
            message.messageId())
        == 1;
  }

  /** The first sender after this one that has something waiting, in the whole house. */
  Optional<SenderKey> senderAfter(Rows all, ResourceId resource, String sender) {
    return all.one(
            "SELECT sender FROM sms_queue WHERE resource_id = ? AND sender > ?"
                + " ORDER BY sender LIMIT 1",
            row -> new SenderKey(resource, row.text(1)),
            resource.value(),
            sender)
        .or(() ->
            all.one(
                "SELECT resource_id, sender FROM sms_queue WHERE resource_id > ?"
                    + " ORDER BY resource_id, sender LIMIT 1",
                row -> new SenderKey(new ResourceId(row.text(1)), row.text(2)),
                resource.value()));
  }
}
