package dev.parley.feature.events;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The index of dead letters: whose content lies in which file. */
final class DeadLetterStore {
  private static final String FILES =
      "SELECT name, event_id, file FROM event_dead_letter WHERE resource_id = ?";

  /** Where a dead letter lies. */
  record Place(SubscriptionKey key, String eventId, String file) {}

  List<Place> ofThread(Rows rows, ResourceId resource, String thread) {
    return rows.all(
        FILES + " AND thread_id = ? ORDER BY name, event_id",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        thread);
  }

  List<Place> ofMessage(Rows rows, ResourceId resource, String thread, String message) {
    return rows.all(
        FILES + " AND thread_id = ? AND message_id = ? ORDER BY name, event_id",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        thread,
        message);
  }

  List<Place> ofUser(Rows rows, ResourceId resource, String userId) {
    return rows.all(
        FILES + " AND user_id = ? ORDER BY name, event_id",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        userId);
  }

  /** Those about threads and no message. */
  List<Place> ofThreads(Rows rows, ResourceId resource) {
    return rows.all(
        FILES + " AND message_id = ? ORDER BY name, event_id",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        "");
  }

  /** Some of a resource, for taking all away piece by piece. */
  List<Place> some(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        FILES + " ORDER BY name, event_id LIMIT ?",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        (long) limit);
  }

  /** Some of a resource that were written before that time. */
  List<Place> before(Rows rows, ResourceId resource, Instant time, int limit) {
    return rows.all(
        FILES + " AND at_ms < ? ORDER BY at_ms LIMIT ?",
        row -> new Place(new SubscriptionKey(resource, row.text(1)), row.text(2), row.text(3)),
        resource.value(),
        time.toEpochMilli(),
        (long) limit);
  }

  /** The first resource after the given one that has any. */
  Optional<ResourceId> resourceAfter(Rows rows, String resource) {
    return rows.one(
            "SELECT MIN(resource_id) FROM event_dead_letter WHERE resource_id > ?",
            row -> row.textIf(1),
            resource)
        .flatMap(id -> id)
        .map(ResourceId::new);
  }

  /** The newest of a subscription. */
  List<DeadLetter.Entry> list(Rows rows, SubscriptionKey key, int limit) {
    return rows.all(
        "SELECT event_id, thread_id, user_id, message_id, reason, at_ms, file"
            + " FROM event_dead_letter WHERE resource_id = ? AND name = ?"
            + " ORDER BY at_ms DESC, event_id LIMIT ?",
        row ->
            new DeadLetter.Entry(
                row.text(1),
                row.text(2),
                row.text(3),
                row.text(4),
                row.text(5),
                row.time(6),
                row.text(7)),
        key.resource().value(),
        key.name(),
        (long) limit);
  }

  void forget(Tx tx, Place place) {
    tx.run(
        "DELETE FROM event_dead_letter WHERE resource_id = ? AND name = ? AND event_id = ?",
        place.key().resource().value(),
        place.key().name(),
        place.eventId());
  }
}
