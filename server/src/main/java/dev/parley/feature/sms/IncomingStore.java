package dev.parley.feature.sms;

import dev.parley.base.event.SmsDetail;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Messages from handsets, and segments that wait for their companions. */
final class IncomingStore {
  /** Segments of one message. */
  record Group(String handset, int reference, int total) {
    /** As the name of a due job. */
    String name() {
      return reference + "/" + total + "/" + handset;
    }

    static Group ofName(String name) {
      var parts = name.split("/", 3);
      return new Group(parts[2], Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
  }

  void insert(Tx tx, SenderKey key, String messageId, String handset, String text, Instant now) {
    tx.add(
        "INSERT INTO sms_incoming (resource_id, sender, message_id, handset, body, received_ms)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        key.sender(),
        messageId,
        handset,
        text,
        now.toEpochMilli());
  }

  Optional<SmsDetail.Received> find(Rows all, SenderKey key, String messageId) {
    return all.one(
        "SELECT handset, body, received_ms FROM sms_incoming"
            + " WHERE resource_id = ? AND sender = ? AND message_id = ?",
        row ->
            new SmsDetail.Received(messageId, row.text(1), key.sender(), row.text(2), row.time(3)),
        key.resource().value(),
        key.sender(),
        messageId);
  }

  /** Keeps a segment once; carriers repeat themselves. */
  void keep(Tx tx, SenderKey key, Group group, int part, String text, Instant now) {
    tx.run(
        "INSERT INTO sms_incoming_part (resource_id, sender, handset, reference, total, part, body,"
            + " at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, sender, handset, reference, total, part) DO NOTHING",
        key.resource().value(),
        key.sender(),
        group.handset(),
        (long) group.reference(),
        (long) group.total(),
        (long) part,
        utf16(text),
        now.toEpochMilli());
  }

  /** The segments that are there, in their order. */
  List<String> parts(Rows all, SenderKey key, Group group) {
    return all.all(
        "SELECT body FROM sms_incoming_part WHERE resource_id = ? AND sender = ? AND handset = ?"
            + " AND reference = ? AND total = ? ORDER BY part",
        row -> text(row.bytes(1)),
        key.resource().value(),
        key.sender(),
        group.handset(),
        (long) group.reference(),
        (long) group.total());
  }

  void drop(Tx tx, SenderKey key, Group group) {
    tx.run(
        "DELETE FROM sms_incoming_part WHERE resource_id = ? AND sender = ? AND handset = ?"
            + " AND reference = ? AND total = ?",
        key.resource().value(),
        key.sender(),
        group.handset(),
        (long) group.reference(),
        (long) group.total());
  }

  /**
   * Unit by unit, since a segment may end in the middle of an emoji and no text column takes that.
   */
  private static byte[] utf16(String text) {
    var bytes = new byte[2 * text.length()];
    for (var i = 0; i < text.length(); i++) {
      bytes[2 * i] = (byte) (text.charAt(i) >> 8);
      bytes[2 * i + 1] = (byte) text.charAt(i);
    }
    return bytes;
  }

  private static String text(byte[] utf16) {
    var text = new StringBuilder(utf16.length / 2);
    for (var i = 0; i + 1 < utf16.length; i += 2) {
      text.append((char) (((utf16[i] & 0xFF) << 8) | (utf16[i + 1] & 0xFF)));
    }
    return text.toString();
  }
}
