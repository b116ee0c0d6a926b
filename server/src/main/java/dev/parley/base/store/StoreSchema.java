package dev.parley.base.store;

import java.util.List;

/** The tables of the store itself. */
public final class StoreSchema {
  /** Tables that belong to the house, so that a copy of a resource leaves them alone. */
  public static final List<String> OF_THE_HOUSE =
      List.of("journal", "journal_head", "hearer_position", "hearer_lease", "repeat_answer");

  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "store",
              1,
              List.of(
                  // The journal is read by shard and position alone, so these two lead its key.
                  """
                  CREATE TABLE journal (
                    shard BIGINT NOT NULL, position BIGINT NOT NULL, resource_id TEXT NOT NULL,
                    partition_key TEXT NOT NULL, event TEXT NOT NULL, actor TEXT NOT NULL,
                    key_slot TEXT NOT NULL, request_id TEXT NOT NULL,
                    PRIMARY KEY (shard, position))\
                  """,
                  """
                  CREATE TABLE journal_head (
                    shard BIGINT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY (shard))\
                  """,
                  """
                  CREATE TABLE hearer_position (
                    resource_id TEXT NOT NULL, hearer TEXT NOT NULL, shard BIGINT NOT NULL,
                    position BIGINT NOT NULL, PRIMARY KEY (resource_id, hearer, shard))\
                  """,
                  """
                  CREATE TABLE hearer_lease (
                    resource_id TEXT NOT NULL, hearer TEXT NOT NULL, node TEXT NOT NULL,
                    until_ms BIGINT NOT NULL, PRIMARY KEY (resource_id, hearer))\
                  """,
                  """
                  CREATE TABLE due_job (
                    resource_id TEXT NOT NULL, partition_key TEXT NOT NULL, kind TEXT NOT NULL,
                    name TEXT NOT NULL, due_ms BIGINT NOT NULL, detail TEXT NOT NULL,
                    PRIMARY KEY (resource_id, partition_key, kind, name))\
                  """,
                  "CREATE INDEX due_job_by_time ON due_job (resource_id, due_ms)",
                  """
                  CREATE TABLE repeat_answer (
                    resource_id TEXT NOT NULL, partition_key TEXT NOT NULL, caller TEXT NOT NULL,
                    operation TEXT NOT NULL, request_id TEXT NOT NULL, body_hash TEXT NOT NULL,
                    answer TEXT NOT NULL, until_ms BIGINT NOT NULL,
                    PRIMARY KEY (resource_id, partition_key, caller, operation, request_id))\
                  """,
                  "CREATE INDEX repeat_answer_by_time ON repeat_answer (resource_id, partition_key, until_ms)")),
          // An older program writes rows without a time, which are the first to be forgotten.
          new Migration(
              "store",
              2,
              1,
              List.of("ALTER TABLE journal ADD COLUMN at_ms BIGINT NOT NULL DEFAULT 0")),
          // Counts commits, also of units that publish nothing. An older program does not count its
          // own; what it publishes moves the position.
          new Migration(
              "store",
              3,
              1,
              List.of("ALTER TABLE journal_head ADD COLUMN writes BIGINT NOT NULL DEFAULT 0")));

  private StoreSchema() {}

  /** The store's own steps before those of the rooms. */
  static List<Migration> with(List<Migration> rooms) {
    return java.util.stream.Stream.concat(MIGRATIONS.stream(), rooms.stream()).toList();
  }
}
