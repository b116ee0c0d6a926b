package dev.parley.feature.email;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The queue, as an index over recipients that are still to get their message. */
final class OutboxStore {
  /**
   * The first resource after the given one that has anything queued; found without reading the
   * queue.
   */
  Optional<ResourceId> resourceAfter(Rows rows, String resource) {
    return rows.one(
            "SELECT MIN(resource_id) FROM email_recipient"
                + " WHERE due_ms IS NOT NULL AND resource_id > ?",
            row -> row.textIf(1),
            resource)
        .flatMap(id -> id)
        .map(ResourceId::new);
  }

  /** The first destination after the given one that a resource has anything queued for. */
  Optional<String> destinationAfter(Rows rows, ResourceId resource, String destination) {
    return rows.one(
            "SELECT MIN(destination) FROM email_recipient"
                + " WHERE due_ms IS NOT NULL AND resource_id = ? AND destination > ?",
            row -> row.textIf(1),
            resource.value(),
            destination)
        .flatMap(found -> found);
  }

  List<Outbox.Due> due(Rows rows, Outbox.Place place, Instant now, int limit) {
    return rows.all(
        "SELECT message_id, number, due_ms FROM email_recipient"
            + " WHERE resource_id = ? AND destination = ? AND due_ms IS NOT NULL AND due_ms <= ?"
            + " ORDER BY due_ms LIMIT ?",
        row ->
            new Outbox.Due(
                new MessageKey(place.resource(), row.text(1)),
                place,
                (int) row.number(2),
                row.number(3)),
        place.resource().value(),
        place.destination(),
        now.toEpochMilli(),
        limit);
  }

  /** Takes the attempt, if nobody else has; it can be taken again after {@code until}. */
  boolean claim(Tx tx, Outbox.Due due, Instant until) {
    return tx.run(
            "UPDATE email_recipient SET due_ms = ?, attempts = attempts + 1"
                + " WHERE resource_id = ? AND message_id = ? AND number = ? AND due_ms = ?",
            until.toEpochMilli(),
            due.key().resource().value(),
            due.key().id(),
            due.number(),
            due.seen())
        == 1;
  }

  private static final String FINISH =
      "UPDATE email_recipient SET due_ms = ?, state = ?, host = ?, reply = ?, last_ms = ?"
          + " WHERE resource_id = ? AND message_id = ? AND number = ? AND state = ?";

  /** Writes how an attempt ended; false when the recipient had got the message, or not, already. */
  boolean finish(Tx tx, OutboxItem item, DeliveryOutcome outcome, Instant now) {
    return finish(tx, FINISH, item, outcome, now);
  }

  /** Writes how the first attempt that ended did; false when another has ended before. */
  boolean finishFirst(Tx tx, OutboxItem item, DeliveryOutcome outcome, Instant now) {
    return finish(tx, FINISH + " AND last_ms IS NULL", item, outcome, now);
  }

  private static boolean finish(
      Tx tx, String sql, OutboxItem item, DeliveryOutcome outcome, Instant now) {
    return tx.run(
            sql,
            switch (outcome) {
              case DeliveryOutcome.Ended _ -> null;
              case DeliveryOutcome.Later later -> later.again().toEpochMilli();
            },
            switch (outcome) {
              case DeliveryOutcome.Ended ended -> ended.state().word();
              case DeliveryOutcome.Later _ -> RecipientState.QUEUED.word();
            },
            outcome.host(),
            outcome.reply(),
            now.toEpochMilli(),
            item.key().resource().value(),
            item.key().id(),
            item.number(),
            RecipientState.QUEUED.word())
        == 1;
  }

  /** A first attempt was made: once all were, the message is out. */
  void tried(Tx tx, MessageKey key) {
    tx.run(
        "UPDATE email_message SET untried = untried - 1,"
            + " status = CASE WHEN untried = 1 THEN ? ELSE status END"
            + " WHERE resource_id = ? AND message_id = ?",
        SendStatus.SUCCEEDED.word(),
        key.resource().value(),
        key.id());
  }

  /** A recipient is done with; true when it was the last. */
  boolean closed(Tx tx, MessageKey key) {
    tx.run(
        "UPDATE email_message SET open = open - 1 WHERE resource_id = ? AND message_id = ?",
        key.resource().value(),
        key.id());
    return tx.one(
                "SELECT open FROM email_message WHERE resource_id = ? AND message_id = ?",
                row -> row.number(1),
                key.resource().value(),
                key.id())
            .orElse(0L)
        == 0;
  }

  /** A report that came after the attempt had ended. */
  boolean revise(Tx tx, MessageKey key, int number, RecipientState state, String reply) {
    return tx.run(
            "UPDATE email_recipient SET state = ?, reply = ?"
                + " WHERE resource_id = ? AND message_id = ? AND number = ? AND state = ?",
            state.word(),
            reply,
            key.resource().value(),
            key.id(),
            number,
            RecipientState.DELIVERED.word())
        == 1;
  }
}
