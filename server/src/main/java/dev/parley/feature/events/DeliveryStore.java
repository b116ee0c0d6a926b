package dev.parley.feature.events;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Tx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Positions, waiting retries, replays, attempts and counts of subscriptions as rows. */
final class DeliveryStore {
  private static final String ATTEMPT =
      "SELECT attempt_id, duration_ms, status, outcome, delivery_count, events, ids, request,"
          + " answer FROM event_attempt WHERE resource_id = ? AND name = ?";

  /**
   * What a courier has to store since the last time, all in one unit.
   *
   * @param parked events that wait, new or again
   * @param settled ids of events that wait no longer
   * @param replay positions of the running replay; those at its end are forgotten
   */
  record Changes(
      Map<Shard, Long> positions,
      Map<Shard, Long> replay,
      List<Attempt> attempts,
      List<Retry> parked,
      List<String> settled,
      List<DeadLetter.Entry> deadLetters,
      Counts counts) {}

  /** Part of a shard that is delivered once more: after the position, up to the last one. */
  record Replay(Shard shard, long position, long until) {}

  boolean exists(Rows rows, SubscriptionKey key) {
    return rows.one(
            "SELECT state FROM event_subscription WHERE resource_id = ? AND name = ?",
            row -> row.text(1),
            key.resource().value(),
            key.name())
        .isPresent();
  }

  /** Stores them; nothing happens when the subscription was deleted in between. */
  void save(Tx tx, SubscriptionKey key, Changes changes) {
    if (!exists(tx, key)) {
      return;
    }
    changes.positions().forEach((shard, position) -> move(tx, key, shard, position));
    changes.replay().forEach((shard, position) -> moveReplay(tx, key, shard, position));
    changes.attempts().forEach(attempt -> add(tx, key, attempt));
    changes.parked().forEach(retry -> park(tx, key, retry));
    changes.settled().forEach(id -> settle(tx, key, id));
    changes.deadLetters().forEach(letter -> add(tx, key, letter));
    if (!changes.counts().equals(Counts.NONE)) {
      count(tx, key, changes.counts());
    }
  }

  // Positions.

  Map<Shard, Long> positions(Rows rows, SubscriptionKey key) {
    var positions = new HashMap<Shard, Long>();
    rows.all(
            "SELECT shard, position FROM event_cursor WHERE resource_id = ? AND name = ?"
                + " ORDER BY shard",
            row -> Map.entry(new Shard((int) row.number(1)), row.number(2)),
            key.resource().value(),
            key.name())
        .forEach(entry -> positions.put(entry.getKey(), entry.getValue()));
    return positions;
  }

  private static void move(Tx tx, SubscriptionKey key, Shard shard, long position) {
    tx.run(
        "INSERT INTO event_cursor (resource_id, name, shard, position) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, name, shard) DO UPDATE SET position = excluded.position",
        key.resource().value(),
        key.name(),
        (long) shard.number(),
        position);
  }

  // Retries.

  void park(Tx tx, SubscriptionKey key, Retry retry) {
    tx.run(
        "INSERT INTO event_retry (resource_id, name, event_id, attempts, due_ms, published_ms,"
            + " last_ms, last, doomed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, name, event_id) DO UPDATE SET"
            + " attempts = excluded.attempts, due_ms = excluded.due_ms,"
            + " published_ms = excluded.published_ms, last_ms = excluded.last_ms,"
            + " last = excluded.last, doomed = excluded.doomed",
        key.resource().value(),
        key.name(),
        retry.eventId(),
        (long) retry.attempts(),
        retry.due().toEpochMilli(),
        retry.published().toEpochMilli(),
        retry.last().toEpochMilli(),
        retry.outcome(),
        retry.doomed());
  }

  private static void settle(Tx tx, SubscriptionKey key, String eventId) {
    tx.run(
        "DELETE FROM event_retry WHERE resource_id = ? AND name = ? AND event_id = ?",
        key.resource().value(),
        key.name(),
        eventId);
  }

  List<Retry> retries(Rows rows, SubscriptionKey key) {
    return rows.all(
        "SELECT event_id, attempts, due_ms, published_ms, last_ms, last, doomed FROM event_retry"
            + " WHERE resource_id = ? AND name = ? ORDER BY event_id",
        row ->
            new Retry(
                row.text(1),
                (int) row.number(2),
                row.time(3),
                row.time(4),
                row.time(5),
                row.text(6),
                row.text(7)),
        key.resource().value(),
        key.name());
  }

  long waiting(Rows rows, SubscriptionKey key) {
    return rows.one(
            "SELECT COUNT(*) FROM event_retry WHERE resource_id = ? AND name = ?",
            row -> row.number(1),
            key.resource().value(),
            key.name())
        .orElse(0L);
  }

  // Replays.

  List<Replay> replays(Rows rows, SubscriptionKey key) {
    return rows.all(
        "SELECT shard, position, until_position FROM event_replay"
            + " WHERE resource_id = ? AND name = ? ORDER BY shard",
        row -> new Replay(new Shard((int) row.number(1)), row.number(2), row.number(3)),
        key.resource().value(),
        key.name());
  }

  void begin(Tx tx, SubscriptionKey key, Replay replay) {
    tx.run(
        "INSERT INTO event_replay (resource_id, name, shard, position, until_position)"
            + " VALUES (?, ?, ?, ?, ?)",
        key.resource().value(),
        key.name(),
        (long) replay.shard().number(),
        replay.position(),
        replay.until());
  }

  private static void moveReplay(Tx tx, SubscriptionKey key, Shard shard, long position) {
    var resource = key.resource().value();
    tx.run(
        "UPDATE event_replay SET position = ? WHERE resource_id = ? AND name = ? AND shard = ?",
        position,
        resource,
        key.name(),
        (long) shard.number());
    tx.run(
        "DELETE FROM event_replay WHERE resource_id = ? AND name = ? AND shard = ?"
            + " AND until_position <= ?",
        resource,
        key.name(),
        (long) shard.number(),
        position);
  }

  // Attempts.

  private static void add(Tx tx, SubscriptionKey key, Attempt attempt) {
    tx.add(
        "INSERT INTO event_attempt (resource_id, name, attempt_id, duration_ms, status, outcome,"
            + " delivery_count, events, ids, request, answer)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        key.name(),
        attempt.id(),
        attempt.outcome().took().toMillis(),
        (long) attempt.outcome().status(),
        attempt.outcome().kind().name(),
        (long) attempt.count(),
        (long) attempt.events(),
        attempt.ids(),
        attempt.outcome().request(),
        attempt.outcome().answer());
  }

  /** Attempts before an id, newest first. */
  List<Attempt> attempts(Rows rows, SubscriptionKey key, long before, int limit) {
    return rows.all(
        ATTEMPT + " AND attempt_id < ? ORDER BY attempt_id DESC LIMIT ?",
        DeliveryStore::attempt,
        key.resource().value(),
        key.name(),
        before,
        (long) limit);
  }

  /** The newest attempt; its id is where those of a new courier go on. */
  long lastAttempt(Rows rows, SubscriptionKey key) {
    return attempts(rows, key, Long.MAX_VALUE, 1).stream().mapToLong(Attempt::id).sum();
  }

  /** The id of the attempt after which {@code kept} newer ones follow. */
  Optional<Long> surplus(Rows rows, SubscriptionKey key, int kept) {
    return rows.one(
        "SELECT attempt_id FROM event_attempt WHERE resource_id = ? AND name = ?"
            + " ORDER BY attempt_id DESC LIMIT ? OFFSET ?",
        row -> row.number(1),
        key.resource().value(),
        key.name(),
        1L,
        (long) kept);
  }

  void forgetAttempts(Tx tx, SubscriptionKey key, long upTo) {
    tx.run(
        "DELETE FROM event_attempt WHERE resource_id = ? AND name = ? AND attempt_id <= ?",
        key.resource().value(),
        key.name(),
        upTo);
  }

  private static Attempt attempt(Row row) {
    var outcome =
        new Outcome(
            Outcome.Kind.valueOf(row.text(4)),
            (int) row.number(3),
            Duration.ofMillis(row.number(2)),
            row.text(8),
            row.text(9));
    return new Attempt(
        row.number(1), outcome, (int) row.number(5), (int) row.number(6), row.text(7));
  }

  // Counts.

  private static void count(Tx tx, SubscriptionKey key, Counts more) {
    tx.run(
        "INSERT INTO event_count (resource_id, name, delivered, failed, uncertain, dead, dropped)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, name) DO UPDATE SET"
            + " delivered = event_count.delivered + excluded.delivered,"
            + " failed = event_count.failed + excluded.failed,"
            + " uncertain = event_count.uncertain + excluded.uncertain,"
            + " dead = event_count.dead + excluded.dead,"
            + " dropped = event_count.dropped + excluded.dropped",
        key.resource().value(),
        key.name(),
        more.delivered(),
        more.failed(),
        more.uncertain(),
        more.dead(),
        more.dropped());
  }

  Counts counts(Rows rows, SubscriptionKey key) {
    return rows.one(
            "SELECT delivered, failed, uncertain, dead, dropped FROM event_count"
                + " WHERE resource_id = ? AND name = ?",
            row ->
                new Counts(
                    row.number(1), row.number(2), row.number(3), row.number(4), row.number(5)),
            key.resource().value(),
            key.name())
        .orElse(Counts.NONE);
  }

  // Dead letters.

  private static void add(Tx tx, SubscriptionKey key, DeadLetter.Entry letter) {
    tx.run(
        "INSERT INTO event_dead_letter (resource_id, name, event_id, thread_id, user_id,"
            + " message_id, reason, at_ms, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, name, event_id) DO UPDATE SET reason = excluded.reason,"
            + " at_ms = excluded.at_ms, file = excluded.file",
        key.resource().value(),
        key.name(),
        letter.eventId(),
        letter.threadId(),
        letter.userId(),
        letter.messageId(),
        letter.reason(),
        letter.at().toEpochMilli(),
        letter.file());
  }
}
