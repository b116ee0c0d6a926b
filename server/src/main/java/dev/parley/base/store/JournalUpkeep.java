package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import java.time.Instant;

/** The journal by time: where a time is in it, and how its old rows are forgotten. */
public final class JournalUpkeep {
  private static final ResourceId HOUSE = new ResourceId("house");
  private static final int ROWS_AT_ONCE = 1_000;

  private final Store store;

  public JournalUpkeep(Store store) {
    this.store = store;
  }

  /**
   * The last position of the shard whose row was committed before the time; 0 when there is none.
   * Times rise with positions up to the differences between the clocks of processes that share the
   * store.
   */
  public long before(Shard shard, Instant time) {
    return store.read(rows -> {
      var first = oldest(rows, shard);
      var low = first - 1;
      var high = newest(rows, shard);
      while (low < high) {
        var middle = low + (high - low + 1) / 2;
        if (at(rows, shard, middle) < time.toEpochMilli()) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return Math.max(low, 0);
    });
  }

  /**
   * Forgets rows that are older than the time, in units of bounded size: none that a durable hearer
   * has still to hear, and never the newest row, from which positions go on.
   *
   * @param keepAfter what the caller still needs: rows above this position stay
   * @return how many rows went
   */
  public long forget(Shard shard, Instant time, long keepAfter) {
    var upTo = Math.min(Math.min(before(shard, time), keepAfter), heard(shard));
    var gone = 0L;
    while (true) {
      var oldest = store.read(rows -> oldest(rows, shard));
      var newest = store.read(rows -> newest(rows, shard));
      var last = Math.min(Math.min(upTo, newest - 1), oldest + ROWS_AT_ONCE - 1);
      if (last < oldest) {
        return gone;
      }
      gone +=
          store.write(
              new PartitionKey(HOUSE, "journal:" + shard.number()),
              tx ->
                  tx.run(
                      "DELETE FROM journal WHERE shard = ? AND position <= ?",
                      (long) shard.number(),
                      last));
    }
  }

  /** How far the slowest of the durable hearers is. */
  private long heard(Shard shard) {
    return store
        .read(rows ->
            rows.one(
                "SELECT MIN(position) FROM hearer_position WHERE resource_id = ? AND shard = ?",
                row -> row.numberIf(1),
                HOUSE.value(),
                (long) shard.number()))
        .flatMap(position -> position)
        .orElse(Long.MAX_VALUE);
  }

  private static long oldest(Rows rows, Shard shard) {
    return rows.one(
            "SELECT MIN(position) FROM journal WHERE shard = ?",
            row -> row.numberIf(1),
            (long) shard.number())
        .flatMap(position -> position)
        .orElse(1L);
  }

  private static long newest(Rows rows, Shard shard) {
    return rows.one(
            "SELECT MAX(position) FROM journal WHERE shard = ?",
            row -> row.numberIf(1),
            (long) shard.number())
        .flatMap(position -> position)
        .orElse(0L);
  }

  private static long at(Rows rows, Shard shard, long position) {
    return rows.one(
            "SELECT at_ms FROM journal WHERE shard = ? AND position = ?",
            row -> row.number(1),
            (long) shard.number(),
            position)
        .orElse(0L);
  }
}
