package dev.parley.base.store;

import java.util.List;
import java.util.Optional;

/** The tables of these tests: a counter and numbered notes for each partition. */
final class Ledger {
  static final Migration FIRST =
      new Migration(
          "ledger",
          1,
          List.of(
              """
              CREATE TABLE counter (
                resource_id TEXT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL,
                PRIMARY KEY (resource_id, name))\
              """,
              """
              CREATE TABLE note (
                resource_id TEXT NOT NULL, name TEXT NOT NULL, note_id BIGINT NOT NULL,
                content TEXT, body BYTEA, PRIMARY KEY (resource_id, name, note_id))\
              """));

  static final List<Migration> MIGRATIONS = List.of(FIRST);

  private Ledger() {}

  /** Asks and then writes, so that an interleaved unit would lose a step. */
  static long count(Tx tx, PartitionKey partition) {
    var next = value(tx, partition) + 1;
    tx.run(
        "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, name) DO UPDATE SET value = excluded.value",
        partition.resource().value(),
        partition.value(),
        next);
    return next;
  }

  static long count(Store store, PartitionKey partition) {
    return store.write(partition, tx -> count(tx, partition));
  }

  static long value(Store store, PartitionKey partition) {
    return store.read(rows -> value(rows, partition));
  }

  static long value(Rows rows, PartitionKey partition) {
    return rows.one(
            "SELECT value FROM counter WHERE resource_id = ? AND name = ?",
            row -> row.number(1),
            partition.resource().value(),
            partition.value())
        .orElse(0L);
  }

  /** The rule of message ids: time, but always above the last one. */
  static long append(Tx tx, PartitionKey partition, long now, String text) {
    var id = newest(tx, partition).map(max -> Math.max(max + 1, now)).orElse(now);
    add(tx, partition, id, text);
    return id;
  }

  /** The id of the partition's newest note. */
  static Optional<Long> newest(Rows rows, PartitionKey partition) {
    return rows.one(
            "SELECT MAX(note_id) FROM note WHERE resource_id = ? AND name = ?",
            row -> row.numberIf(1),
            partition.resource().value(),
            partition.value())
        .flatMap(max -> max);
  }

  static void add(Tx tx, PartitionKey partition, long id, String text) {
    tx.add(
        "INSERT INTO note (resource_id, name, note_id, content) VALUES (?, ?, ?, ?)",
        partition.resource().value(),
        partition.value(),
        id,
        text);
  }

  static List<Long> ids(Store store, PartitionKey partition) {
    return store.read(rows -> ids(rows, partition));
  }

  static List<Long> ids(Rows rows, PartitionKey partition) {
    return rows.all(
        "SELECT note_id FROM note WHERE resource_id = ? AND name = ? ORDER BY note_id",
        row -> row.number(1),
        partition.resource().value(),
        partition.value());
  }

  static List<String> texts(Store store, PartitionKey partition) {
    return store.read(rows -> texts(rows, partition));
  }

  static List<String> texts(Rows rows, PartitionKey partition) {
    return rows.all(
        "SELECT content FROM note WHERE resource_id = ? AND name = ? ORDER BY note_id",
        row -> row.textIf(1).orElse("(null)"),
        partition.resource().value(),
        partition.value());
  }
}
