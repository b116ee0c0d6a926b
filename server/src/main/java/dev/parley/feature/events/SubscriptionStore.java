package dev.parley.feature.events;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Subscriptions as rows; their settings are sealed, since addresses and headers hold secrets. */
final class SubscriptionStore {
  private static final String COLUMNS =
      "SELECT resource_id, name, sealed, state, code, until_ms, created_on, created_by, changed_on,"
          + " changed_by FROM event_subscription";

  /** What is sealed: the name as written, and the settings. */
  private record Kept(String name, SubscriptionModel settings) {}

  private final Sealer sealer;

  SubscriptionStore(Sealer sealer) {
    this.sealer = sealer;
  }

  Optional<Subscription> find(Rows rows, SubscriptionKey key) {
    return rows.one(
        COLUMNS + " WHERE resource_id = ? AND name = ?",
        this::subscription,
        key.resource().value(),
        key.name());
  }

  List<Subscription> list(Rows rows, ResourceId resource) {
    return rows.all(
        COLUMNS + " WHERE resource_id = ? ORDER BY name", this::subscription, resource.value());
  }

  /** Those of all resources. */
  List<Subscription> all(Rows rows) {
    return rows.all(COLUMNS + " ORDER BY resource_id, name", this::subscription);
  }

  void put(Tx tx, Subscription subscription) {
    var open = subscription.validation();
    tx.run(
        "INSERT INTO event_subscription (resource_id, name, sealed, state, code, until_ms,"
            + " created_on, created_by, changed_on, changed_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, name) DO UPDATE SET"
            + " sealed = excluded.sealed, state = excluded.state, code = excluded.code,"
            + " until_ms = excluded.until_ms, changed_on = excluded.changed_on,"
            + " changed_by = excluded.changed_by",
        subscription.key().resource().value(),
        subscription.key().name(),
        sealed(subscription),
        subscription.state().name(),
        open.map(Subscription.Validation::code).orElse(null),
        open.map(validation -> validation.until().toEpochMilli()).orElse(null),
        subscription.createdOn().toEpochMilli(),
        subscription.createdBy(),
        subscription.changedOn().toEpochMilli(),
        subscription.changedBy());
  }

  /** Where the subscription begins; keeps its place when it has one. */
  void begin(Tx tx, SubscriptionKey key, Map<Shard, Long> positions) {
    positions.forEach((shard, position) ->
        tx.run(
            "INSERT INTO event_cursor (resource_id, name, shard, position) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (resource_id, name, shard) DO NOTHING",
            key.resource().value(),
            key.name(),
            (long) shard.number(),
            position));
  }

  /** Everything of the subscription but its dead letters, which lie in files. */
  void delete(Tx tx, SubscriptionKey key) {
    var resource = key.resource().value();
    var name = key.name();
    tx.run("DELETE FROM event_subscription WHERE resource_id = ? AND name = ?", resource, name);
    tx.run("DELETE FROM event_cursor WHERE resource_id = ? AND name = ?", resource, name);
    tx.run("DELETE FROM event_retry WHERE resource_id = ? AND name = ?", resource, name);
    tx.run("DELETE FROM event_replay WHERE resource_id = ? AND name = ?", resource, name);
    tx.run("DELETE FROM event_attempt WHERE resource_id = ? AND name = ?", resource, name);
    tx.run("DELETE FROM event_count WHERE resource_id = ? AND name = ?", resource, name);
  }

  private Subscription subscription(Row row) {
    var key = new SubscriptionKey(new ResourceId(row.text(1)), row.text(2));
    var kept = kept(key, row.text(3));
    return new Subscription(
        key,
        SubscriptionReader.read(kept.name(), kept.settings()),
        Subscription.State.valueOf(row.text(4)),
        row.textIf(5)
            .map(code -> new Subscription.Validation(code, row.timeIf(6).orElse(Instant.EPOCH))),
        row.time(7),
        row.text(8),
        row.time(9),
        row.text(10));
  }

  private String sealed(Subscription subscription) {
    var settings = subscription.settings();
    var kept = new Kept(settings.name(), SubscriptionWriter.kept(settings));
    return sealer.seal(Secret.of(Json.bytes(kept)), purpose(subscription.key()));
  }

  private Kept kept(SubscriptionKey key, String sealed) {
    var bytes = sealer.unseal(sealed, purpose(key)).reveal();
    try {
      return Json.parse(bytes, Kept.class);
    } catch (IOException e) {
      throw new IllegalStateException("Subscription " + key.name() + " cannot be read.", e);
    }
  }

  private static String purpose(SubscriptionKey key) {
    return "event-subscription/" + key.resource().value() + "/" + key.name();
  }
}
