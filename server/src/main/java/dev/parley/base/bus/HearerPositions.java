package dev.parley.base.bus;

import dev.parley.base.store.Lease;
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

  private final Store store;
  private final String hearer;
  private final Lease lease;

  HearerPositions(Store store, InstantSource clock, String hearer, String node, Duration span) {
    this.store = store;
    this.hearer = hearer;
    this.lease = new Lease(store, clock, hearer, node, span);
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
   * Takes or keeps the lease, and writes the positions that are given; the others stay.
   *
   * @return false when another process has it
   */
  boolean keep(Map<Shard, Long> positions) {
    return lease.keep(tx ->
        positions.forEach((shard, position) ->
            tx.add(
                "INSERT INTO hearer_position (resource_id, hearer, shard, position)"
                    + " VALUES (?, ?, ?, ?) ON CONFLICT (resource_id, hearer, shard)"
                    + " DO UPDATE SET position = excluded.position",
                HOUSE.value(),
                hearer,
                (long) shard.number(),
                position)));
  }

  /** Gives the lease back, so that another process need not wait. */
  void release() {
    lease.release();
  }
}
