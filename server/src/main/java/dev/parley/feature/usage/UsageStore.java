package dev.parley.feature.usage;

import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.LocalDate;
import java.util.List;

/**
 * Rows of sums, and how much of the journal is in them: a row that is heard twice counts once.
 *
 * <p>Positions of the journal rise within a shard, so one number per resource and shard is enough.
 */
final class UsageStore {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "usage",
              1,
              List.of(
                  """
                  CREATE TABLE usage_day (
                    resource_id TEXT NOT NULL, meter TEXT NOT NULL, day BIGINT NOT NULL,
                    quantity BIGINT NOT NULL, records BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, meter, day))\
                  """,
                  """
                  CREATE TABLE usage_position (
                    resource_id TEXT NOT NULL, shard BIGINT NOT NULL, position BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, shard))\
                  """)));

  /** Sums are the source's own, so a copy of a resource starts without. */
  static final List<String> TABLES = List.of("usage_day", "usage_position");

  static PartitionKey partition(ResourceId resource) {
    return new PartitionKey(resource, "usage");
  }

  /** The last position of the shard that is in the sums; 0 when there is none. */
  long position(Rows rows, ResourceId resource, Shard shard) {
    return rows.one(
            "SELECT position FROM usage_position WHERE resource_id = ? AND shard = ?",
            row -> row.number(1),
            resource.value(),
            (long) shard.number())
        .orElse(0L);
  }

  void setPosition(Tx tx, ResourceId resource, Shard shard, long position) {
    tx.run(
        "INSERT INTO usage_position (resource_id, shard, position) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, shard) DO UPDATE SET position = excluded.position",
        resource.value(),
        (long) shard.number(),
        position);
  }

  void add(Tx tx, UsageDay more) {
    tx.run(
        "INSERT INTO usage_day (resource_id, meter, day, quantity, records) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, meter, day) DO UPDATE"
            + " SET quantity = usage_day.quantity + excluded.quantity,"
            + " records = usage_day.records + excluded.records",
        more.resource().value(),
        more.meter(),
        more.day().toEpochDay(),
        more.quantity(),
        more.records());
  }

  /** In the order of resource, meter and day, from the first one after {@code after}. */
  List<UsageDay> days(Rows rows, UsageQuery query, UsagePosition after, int limit) {
    return rows.all(
        "SELECT resource_id, meter, day, quantity, records FROM usage_day"
            + " WHERE (resource_id, meter, day) > (?, ?, ?)"
            + " AND resource_id >= ? AND resource_id <= ?"
            + " AND meter >= ? AND meter <= ? AND day >= ? AND day <= ?"
            + " ORDER BY resource_id, meter, day LIMIT ?",
        UsageStore::day,
        after.resource(),
        after.meter(),
        after.day(),
        query.resource().map(ResourceId::value).orElse(""),
        query.resource().map(ResourceId::value).orElse(LAST),
        query.meter().orElse(""),
        query.meter().orElse(LAST),
        query.from().toEpochDay(),
        query.to().toEpochDay(),
        limit);
  }

  /** After every id and every meter, which are ASCII. */
  private static final String LAST = "\u007f";

  private static UsageDay day(Row row) {
    return new UsageDay(
        new ResourceId(row.text(1)),
        row.text(2),
        LocalDate.ofEpochDay(row.number(3)),
        row.number(4),
        row.number(5));
  }

  void erase(Tx tx, ResourceId resource) {
    tx.run("DELETE FROM usage_day WHERE resource_id = ?", resource.value());
    tx.run("DELETE FROM usage_position WHERE resource_id = ?", resource.value());
  }
}
