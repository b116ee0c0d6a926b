package dev.parley.feature.email.mailbox;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Captured mails and rules as rows. */
final class MailboxStore {
  private static final String MAIL =
      "SELECT number, message_id, recipient_number, recipient, sender, subject, outcome, received_ms"
          + " FROM mailbox_mail";

  /** A rule: addresses that match the pattern meet the outcome. */
  record Rule(String pattern, String outcome) {}

  long last(Rows rows, ResourceId resource) {
    return rows.one(
            "SELECT MAX(number) FROM mailbox_mail WHERE resource_id = ?",
            row -> row.numberIf(1).orElse(0L),
            resource.value())
        .orElse(0L);
  }

  boolean has(Rows rows, ResourceId resource, String messageId, int recipient) {
    return rows.one(
            "SELECT number FROM mailbox_mail"
                + " WHERE resource_id = ? AND message_id = ? AND recipient_number = ?",
            row -> row.number(1),
            resource.value(),
            messageId,
            recipient)
        .isPresent();
  }

  void insert(
      Tx tx, ResourceId resource, String address, CapturedMail mail, byte @Nullable [] raw) {
    tx.add(
        "INSERT INTO mailbox_mail (resource_id, number, address, message_id, recipient_number,"
            + " recipient, sender, subject, outcome, received_ms, raw)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        resource.value(),
        mail.number(),
        address,
        mail.messageId(),
        mail.recipientNumber(),
        mail.recipient(),
        mail.sender(),
        mail.subject(),
        mail.outcome(),
        mail.received().toEpochMilli(),
        raw);
  }

  /** Mails before a number, newest first. */
  List<CapturedMail> mails(Rows rows, ResourceId resource, long before, int limit) {
    return rows.all(
        MAIL + " WHERE resource_id = ? AND number < ? ORDER BY number DESC LIMIT ?",
        MailboxStore::mail,
        resource.value(),
        before,
        limit);
  }

  /** The same of one address. */
  List<CapturedMail> mails(Rows rows, ResourceId resource, String address, long before, int limit) {
    return rows.all(
        MAIL
            + " WHERE resource_id = ? AND address = ? AND number < ?"
            + " ORDER BY number DESC LIMIT ?",
        MailboxStore::mail,
        resource.value(),
        address,
        before,
        limit);
  }

  Optional<CapturedMail> mail(Rows rows, ResourceId resource, long number) {
    return rows.one(
        MAIL + " WHERE resource_id = ? AND number = ?",
        MailboxStore::mail,
        resource.value(),
        number);
  }

  private static CapturedMail mail(Row row) {
    return new CapturedMail(
        row.number(1),
        row.text(2),
        (int) row.number(3),
        row.text(4),
        row.text(5),
        row.text(6),
        row.text(7),
        row.time(8));
  }

  Optional<byte[]> raw(Rows rows, ResourceId resource, long number) {
    return rows.one(
            "SELECT raw FROM mailbox_mail WHERE resource_id = ? AND number = ?",
            row -> row.bytesIf(1),
            resource.value(),
            number)
        .flatMap(raw -> raw);
  }

  /** The number that so many newer ones exist of. */
  Optional<Long> numberAt(Rows rows, ResourceId resource, int newer) {
    return rows.one(
        "SELECT number FROM mailbox_mail WHERE resource_id = ?"
            + " ORDER BY number DESC LIMIT 1 OFFSET ?",
        row -> row.number(1),
        resource.value(),
        newer);
  }

  void deleteUpTo(Tx tx, ResourceId resource, long number) {
    tx.run(
        "DELETE FROM mailbox_mail WHERE resource_id = ? AND number <= ?", resource.value(), number);
  }

  void deleteOf(Tx tx, ResourceId resource, String address) {
    tx.run(
        "DELETE FROM mailbox_mail WHERE resource_id = ? AND address = ?",
        resource.value(),
        address);
  }

  List<Rule> rules(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT pattern, outcome FROM mailbox_rule WHERE resource_id = ? ORDER BY pattern LIMIT ?",
        row -> new Rule(row.text(1), row.text(2)),
        resource.value(),
        limit);
  }

  void put(Tx tx, ResourceId resource, Rule rule) {
    tx.run(
        "INSERT INTO mailbox_rule (resource_id, pattern, outcome) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, pattern) DO UPDATE SET outcome = excluded.outcome",
        resource.value(),
        rule.pattern(),
        rule.outcome());
  }

  void deleteRules(Tx tx, ResourceId resource) {
    tx.run("DELETE FROM mailbox_rule WHERE resource_id = ?", resource.value());
  }
}
