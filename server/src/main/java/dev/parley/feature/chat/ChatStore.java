package dev.parley.feature.chat;

import dev.parley.base.kit.Json;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.MessageId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages and read receipts as rows, and what a unit must know of a thread before it changes it.
 */
final class ChatStore {
  private static final String MESSAGE =
      "SELECT message_id, sequence, version, type, sender, display_name, body, detail, edited_on, deleted_on"
          + " FROM chat_message WHERE resource_id = ? AND thread_id = ?";

  /**
   * The user's place in a thread; empty for strangers, and for everybody once the thread is
   * deleted. One question, since it is asked before every message.
   */
  Optional<Membership> membership(Rows rows, ThreadKey thread, String userId) {
    return rows.one(
        "SELECT t.membership, p.share_from, p.removed_at,"
            + " (SELECT MAX(m.message_id) FROM chat_message m"
            + " WHERE m.resource_id = p.resource_id AND m.thread_id = p.thread_id),"
            + " (SELECT n.sequence FROM chat_message n"
            + " WHERE n.resource_id = p.resource_id AND n.thread_id = p.thread_id"
            + " ORDER BY n.message_id DESC LIMIT 1)"
            + " FROM chat_participant p JOIN chat_thread t"
            + " ON t.resource_id = p.resource_id AND t.thread_id = p.thread_id"
            + " WHERE p.resource_id = ? AND p.thread_id = ? AND p.user_id = ?"
            + " AND t.deleted_on IS NULL",
        row ->
            new Membership(
                row.number(1),
                row.numberIf(4).orElse(0L),
                row.numberIf(5).orElse(0L),
                row.number(2),
                row.numberIf(3)),
        thread.resource().value(),
        thread.id().value(),
        userId);
  }

  /** The same in a unit, which may know it from the unit before. */
  Optional<Membership> membershipInUnit(Tx tx, ThreadKey thread, String userId) {
    var known = tx.remembered(KnownThread.class);
    var there = known.flatMap(place -> place.membership(userId));
    if (there.isPresent()) {
      return there;
    }
    var asked = membership(tx, thread, userId);
    asked.ifPresent(one -> tx.remember(KnownThread.with(known, userId, one)));
    return asked;
  }

  /** Stores a new message, the newest of its thread. */
  void insert(Tx tx, ThreadKey thread, Message message) {
    var known = tx.remembered(KnownThread.class);
    tx.add(
        "INSERT INTO chat_message (resource_id, thread_id, message_id, sequence, version, type,"
            + " sender, display_name, body, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        thread.resource().value(),
        thread.id().value(),
        message.id().value(),
        message.sequence(),
        message.version(),
        message.type().word(),
        message.sender(),
        message.senderDisplayName(),
        message.text(),
        detail(message.detail()));
    known.ifPresent(before -> tx.remember(before.after(message)));
  }

  void edit(Tx tx, ThreadKey thread, Message message, long version) {
    tx.run(
        "UPDATE chat_message SET body = ?, detail = ?, version = ?, edited_on = ?"
            + " WHERE resource_id = ? AND thread_id = ? AND message_id = ?",
        message.text(),
        detail(message.detail()),
        version,
        version,
        thread.resource().value(),
        thread.id().value(),
        message.id().value());
  }

  /** Takes all content away; that there was a message stays. */
  void erase(Tx tx, ThreadKey thread, MessageId message, long version) {
    tx.run(
        "UPDATE chat_message SET body = NULL, detail = NULL, display_name = NULL, version = ?,"
            + " deleted_on = ? WHERE resource_id = ? AND thread_id = ? AND message_id = ?",
        version,
        version,
        thread.resource().value(),
        thread.id().value(),
        message.value());
  }

  /** Rewrites what a system message tells. */
  void retell(Tx tx, ThreadKey thread, Message message) {
    tx.run(
        "UPDATE chat_message SET detail = ?"
            + " WHERE resource_id = ? AND thread_id = ? AND message_id = ?",
        detail(message.detail()),
        thread.resource().value(),
        thread.id().value(),
        message.id().value());
  }

  Optional<Message> message(Rows rows, ThreadKey thread, long id) {
    return rows.one(
        MESSAGE + " AND message_id = ?",
        ChatStore::message,
        thread.resource().value(),
        thread.id().value(),
        id);
  }

  /** Messages between two ids, both included, newest first. */
  List<Message> messages(Rows rows, ThreadKey thread, long from, long to, int limit) {
    return rows.all(
        MESSAGE + " AND message_id >= ? AND message_id <= ? ORDER BY message_id DESC LIMIT ?",
        ChatStore::message,
        thread.resource().value(),
        thread.id().value(),
        from,
        to,
        (long) limit);
  }

  /** The oldest messages after an id; for erasing a thread piece by piece. */
  List<Message> messagesAfter(Rows rows, ThreadKey thread, long after, int limit) {
    return rows.all(
        MESSAGE + " AND message_id > ? ORDER BY message_id LIMIT ?",
        ChatStore::message,
        thread.resource().value(),
        thread.id().value(),
        after,
        (long) limit);
  }

  void removeMessages(Tx tx, ThreadKey thread, long upTo) {
    tx.run(
        "DELETE FROM chat_message WHERE resource_id = ? AND thread_id = ? AND message_id <= ?",
        thread.resource().value(),
        thread.id().value(),
        upTo);
  }

  /** How far the user had read before. */
  Optional<Long> readUpTo(Rows rows, ThreadKey thread, String userId) {
    return rows.one(
            "SELECT read_id FROM chat_participant"
                + " WHERE resource_id = ? AND thread_id = ? AND user_id = ?",
            row -> row.numberIf(1),
            thread.resource().value(),
            thread.id().value(),
            userId)
        .flatMap(id -> id);
  }

  void read(Tx tx, ThreadKey thread, ReadReceipt receipt) {
    tx.run(
        "UPDATE chat_participant SET read_id = ?, read_on = ?"
            + " WHERE resource_id = ? AND thread_id = ? AND user_id = ?",
        receipt.message().value(),
        receipt.readOn().toEpochMilli(),
        thread.resource().value(),
        thread.id().value(),
        receipt.userId());
  }

  List<ReadReceipt> receipts(Rows rows, ThreadKey thread, int limit, int skip) {
    return rows.all(
        "SELECT user_id, read_id, read_on FROM chat_participant"
            + " WHERE resource_id = ? AND thread_id = ? AND removed_at IS NULL"
            + " AND read_id IS NOT NULL ORDER BY joined_version, user_id LIMIT ? OFFSET ?",
        row -> new ReadReceipt(row.text(1), new MessageId(row.number(2)), row.time(3)),
        thread.resource().value(),
        thread.id().value(),
        (long) limit,
        (long) skip);
  }

  private static Message message(Row row) {
    var type =
        MessageType.ofWord(row.text(4))
            .orElseThrow(() -> new IllegalStateException("A stored message has an unknown type."));
    return new Message(
        new MessageId(row.number(1)),
        row.number(2),
        row.number(3),
        type,
        row.text(5),
        row.textIf(6).orElse(null),
        row.textIf(7).orElse(null),
        row.textIf(8).map(text -> Json.read(text, MessageDetail.class)).orElse(MessageDetail.NONE),
        row.timeIf(9),
        row.timeIf(10));
  }

  private static @Nullable String detail(MessageDetail detail) {
    return detail.equals(MessageDetail.NONE) ? null : Json.text(detail);
  }
}
