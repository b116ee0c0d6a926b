package dev.parley.feature.email;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Messages and their recipients as rows. */
final class EmailStore {
  /** A message as it is kept. */
  record Stored(
      MessageKey key,
      String sender,
      ResourceId service,
      String domainName,
      String internetId,
      Optional<String> blob,
      boolean tracked,
      long size,
      Instant accepted) {}

  /** A recipient as it is kept. */
  record Recipient(
      int number,
      String address,
      String destination,
      RecipientState state,
      Optional<Instant> due,
      int attempts,
      String host,
      String reply,
      Optional<Instant> last) {}

  Optional<SendOperation> operation(Rows rows, MessageKey key) {
    return rows.one(
        "SELECT status, body_hash, error_code, error_message FROM email_message"
            + " WHERE resource_id = ? AND message_id = ?",
        row ->
            new SendOperation(
                key,
                SendStatus.ofWord(row.text(1)),
                row.text(2),
                row.textIf(3)
                    .map(code -> new SendOperation.Failure(code, row.textIf(4).orElse("")))),
        key.resource().value(),
        key.id());
  }

  Optional<Stored> message(Rows rows, MessageKey key) {
    return rows.one(
        "SELECT sender, service_id, domain_name, internet_id, blob, tracked, size, accepted_ms"
            + " FROM email_message WHERE resource_id = ? AND message_id = ?",
        row ->
            new Stored(
                key,
                row.text(1),
                new ResourceId(row.text(2)),
                row.text(3),
                row.text(4),
                row.textIf(5),
                row.number(6) != 0,
                row.number(7),
                row.time(8)),
        key.resource().value(),
        key.id());
  }

  /**
   * Writes the row of a message.
   *
   * @param open recipients who are still to get it
   */
  void insert(
      Tx tx, NewMessage message, Placed placed, Instant now, SendOperation operation, int open) {
    tx.add(
        "INSERT INTO email_message (resource_id, message_id, body_hash, sender, service_id,"
            + " domain_name, internet_id, accepted_ms, status, error_code, error_message, untried,"
            + " open, tracked, size, blob)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        message.key().resource().value(),
        message.key().id(),
        message.bodyHash(),
        message.sender(),
        message.domain().service().value(),
        message.domain().name(),
        message.internetId(),
        now.toEpochMilli(),
        operation.status().word(),
        operation.error().map(SendOperation.Failure::code).orElse(null),
        operation.error().map(SendOperation.Failure::message).orElse(null),
        open,
        open,
        message.tracked() ? 1 : 0,
        placed.size(),
        open == 0 ? null : placed.blob().orElse(null));
    if (open > 0 && placed.row().isPresent()) {
      tx.add(
          "INSERT INTO email_body (resource_id, message_id, raw) VALUES (?, ?, ?)",
          message.key().resource().value(),
          message.key().id(),
          placed.row().get());
    }
  }

  void insert(
      Tx tx, MessageKey key, int number, String address, RecipientState state, Instant now) {
    tx.add(
        "INSERT INTO email_recipient (resource_id, message_id, number, address, destination, state,"
            + " due_ms, attempts, last_ms) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
        key.resource().value(),
        key.id(),
        number,
        address,
        Addresses.domain(address),
        state.word(),
        state == RecipientState.QUEUED ? now.toEpochMilli() : null,
        state == RecipientState.QUEUED ? null : now.toEpochMilli());
  }

  Optional<byte[]> body(Rows rows, MessageKey key) {
    return rows.one(
        "SELECT raw FROM email_body WHERE resource_id = ? AND message_id = ?",
        row -> row.bytes(1),
        key.resource().value(),
        key.id());
  }

  List<Recipient> recipients(Rows rows, MessageKey key) {
    return rows.all(
        "SELECT number, address, destination, state, due_ms, attempts, host, reply, last_ms"
            + " FROM email_recipient WHERE resource_id = ? AND message_id = ? ORDER BY number",
        EmailStore::recipient,
        key.resource().value(),
        key.id());
  }

  Optional<Recipient> recipient(Rows rows, MessageKey key, int number) {
    return rows.one(
        "SELECT number, address, destination, state, due_ms, attempts, host, reply, last_ms"
            + " FROM email_recipient WHERE resource_id = ? AND message_id = ? AND number = ?",
        EmailStore::recipient,
        key.resource().value(),
        key.id(),
        number);
  }

  private static Recipient recipient(Row row) {
    return new Recipient(
        (int) row.number(1),
        row.text(2),
        row.text(3),
        RecipientState.ofWord(row.text(4)),
        row.timeIf(5),
        (int) row.number(6),
        row.textIf(7).orElse(""),
        row.textIf(8).orElse(""),
        row.timeIf(9));
  }

  /** Messages accepted before a time that are done with, oldest first. */
  List<String> done(Rows rows, ResourceId resource, Instant before, int limit) {
    return rows.all(
        "SELECT message_id FROM email_message"
            + " WHERE resource_id = ? AND open = 0 AND accepted_ms < ?"
            + " ORDER BY accepted_ms LIMIT ?",
        row -> row.text(1),
        resource.value(),
        before.toEpochMilli(),
        limit);
  }

  /** Some messages of a resource. */
  List<String> some(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT message_id FROM email_message WHERE resource_id = ? ORDER BY message_id LIMIT ?",
        row -> row.text(1),
        resource.value(),
        limit);
  }

  /** The first resource after the given one that has messages at all. */
  Optional<ResourceId> resourceAfter(Rows rows, String resource) {
    return rows.one(
            "SELECT MIN(resource_id) FROM email_message WHERE resource_id > ?",
            row -> row.textIf(1),
            resource)
        .flatMap(id -> id)
        .map(ResourceId::new);
  }

  void deleteBody(Tx tx, MessageKey key) {
    tx.run(
        "DELETE FROM email_body WHERE resource_id = ? AND message_id = ?",
        key.resource().value(),
        key.id());
  }

  void delete(Tx tx, MessageKey key) {
    deleteBody(tx, key);
    tx.run(
        "DELETE FROM email_engagement WHERE resource_id = ? AND message_id = ?",
        key.resource().value(),
        key.id());
    tx.run(
        "DELETE FROM email_recipient WHERE resource_id = ? AND message_id = ?",
        key.resource().value(),
        key.id());
    tx.run(
        "DELETE FROM email_message WHERE resource_id = ? AND message_id = ?",
        key.resource().value(),
        key.id());
  }
}
