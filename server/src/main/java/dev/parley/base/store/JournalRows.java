package dev.parley.base.store;

import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.util.List;

/** Questions about the journal that both engines ask in the same words. */
final class JournalRows {
  static final String AFTER =
      "SELECT position, resource_id, partition_key, event, actor, key_slot, request_id,"
          + " at_ms FROM journal"
          + " WHERE shard = ? AND position > ? ORDER BY position LIMIT ?";

  private JournalRows() {}

  static List<JournalRow> after(Rows rows, Shard shard, long after, int limit) {
    return rows.all(
        AFTER,
        row ->
            new JournalRow(
                shard,
                row.number(1),
                new PartitionKey(new ResourceId(row.text(2)), row.text(3)),
                EventCodec.event(row.text(4)),
                new Origin(row.text(5), row.text(6), row.text(7)),
                row.time(8)),
        shard.number(),
        after,
        limit);
  }

  /** A sentence for each shard whose positions are not 1, 2, 3 and so on. */
  static List<String> holes(Rows rows) {
    return rows.all(
        "SELECT shard, COUNT(*), MIN(position), MAX(position) FROM journal GROUP BY shard"
            + " HAVING COUNT(*) <> MAX(position) - MIN(position) + 1 ORDER BY shard",
        row ->
            "journal shard %d has %d rows between positions %d and %d"
                .formatted(row.number(1), row.number(2), row.number(3), row.number(4)));
  }
}
