package dev.parley.base.bus;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a durable hearer is, and which process works for it now; rows of the store.
 *
 * <p>The positions are written only by the holder of the lease, in the unit that checks it: a
 * process that was silent for too long cannot set them back.
 */
final class HearerPositions {
  private static final ResourceId HOUSE = ResourceId.HOUSE;

  private record Lease(String node, long until) {}

  private final Store store;
  private final InstantSource clock;
  private final String hearer;
  private final String node;
  private final Duration lease;
  private final PartitionKey partition;

  HearerPositions(Store store, InstantSource clock, String hearer, String node, Duration lease) {
    this.store = store;
    this.clock = clock;
    this.hearer = hearer;
    this.node = node;
    this.lease = lease;
    this.partition = new PartitionKey(HOUSE, "hearer:" + hearer);
  }

  /** The last finished position of each shard. */
  Map<Shard, Long> load() {
    var positions = new HashMap<Shard, Long>();
    store
        .read(rows ->
            rows.all(
                "SELECT shard, position FROM hearer_position"
                    + " WHERE resource_id = ? AND hearer = ? ORDER BY shard",
                row -> Map.entry(new Shard((int) row.number(1)), row.number(2)),
                HOUSE.value(),
                hearer))
        .forEach(entry -> positions.put(entry.getKey(), entry.getValue()));
    return positions;
  }

  /**
   * Takes or keeps the lease, and writes the positions.
   *
   * @return false when another process has it
   */
  boolean keep(Map<Shard, Long> positions) {
    var now = clock.millis();
    return store.write(
        partition,
        tx -> {
          var held =
              tx.one(
                  "SELECT node, until_ms FROM hearer_lease WHERE resource_id = ? AND hearer = ?",
                  row -> new Lease(row.text(1), row.number(2)),
                  HOUSE.value(),
                  hearer);
          if (held.isPresent() && !held.get().node().equals(node) && held.get().until() > now) {
            return false;
          }
          tx.run(
              "INSERT INTO hearer_lease (resource_id, hearer, node, until_ms) VALUES (?, ?, ?, ?)"
                  + " ON CONFLICT (resource_id, hearer)"
                  + " DO UPDATE SET node = excluded.node, until_ms = excluded.until_ms",
              HOUSE.value(),
              hearer,
              node,
              now + lease.toMillis());
          for (var position : positions.entrySet()) {
            tx.run(
                "INSERT INTO hearer_position (resource_id, hearer, shard, position)"
                    + " VALUES (?, ?, ?, ?) ON CONFLICT (resource_id, hearer, shard)"
                    + " DO UPDATE SET position = excluded.position",
                HOUSE.value(),
                hearer,
                (long) position.getKey().number(),
                position.getValue());
          }
          return true;
        });
  }

  /** Gives the lease back, so that another process need not wait. */
  void release() {
    store.write(
        partition,
        tx ->
            tx.run(
                "DELETE FROM hearer_lease WHERE resource_id = ? AND hearer = ? AND node = ?",
                HOUSE.value(),
                hearer,
                node));
  }
}
