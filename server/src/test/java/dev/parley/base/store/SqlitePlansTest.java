package dev.parley.base.store;

import static dev.parley.base.store.Opening.CONTOSO;
import static dev.parley.base.store.Opening.RED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No statement of the store itself reads a whole table or sorts. */
class SqlitePlansTest {
  /** Which resources have jobs at all: read from the key alone, without the rows. */
  private static final String WHO_HAS_JOBS = "SELECT DISTINCT resource_id FROM due_job";

  @TempDir private Path folder;

  @Test
  void everyStatementHasAnIndex() {
    try (var store = open()) {
      var seen = new Recorder(store);
      repeat(seen);
      jobs(seen);
      assertEquals(List.of(), seen.journal(SqliteStore.SHARD, 0, 10));
      seen.read(rows -> rows.one(SqliteWriter.LAST, row -> row.numberIf(1), 0L));
      assertTrue(seen.statements().size() >= 8, () -> "only " + seen.statements().keySet());
      seen.statements().forEach((sql, values) -> check(store, sql, values));
    }
  }

  /** The check is worth something only if it can fail. */
  @Test
  void aStatementWithoutAnIndexIsSeen() {
    try (var store = open()) {
      var sql = "SELECT name FROM due_job WHERE detail = ? ORDER BY due_ms";
      assertEquals(
          List.of("SCAN due_job", "USE TEMP B-TREE FOR ORDER BY"), plan(store, sql, List.of("x")));
    }
  }

  private Store open() {
    return new SqliteStore(folder.resolve("parley.db"), Ledger.MIGRATIONS, StoreOptions.DEFAULT);
  }

  private static void repeat(Store store) {
    var repeats = new RepeatRows(new MovableClock());
    var key = new RepeatKey(CONTOSO, "me", "Send", "id", "hash");
    store.write(RED, tx -> repeats.once(tx, RED, key, String.class, () -> "answer"));
  }

  private static void jobs(Store store) {
    try (var jobs = new DueJobRows(store, new MovableClock())) {
      jobs.handle("note", (_, _, _) -> {});
      store.write(
          RED,
          tx -> {
            jobs.schedule(tx, RED, "note", "a", MovableClock.START, "");
            jobs.schedule(tx, RED, "note", "b", MovableClock.START, "");
            jobs.cancel(tx, RED, "note", "b");
            return true;
          });
      assertEquals(1, jobs.runDue());
    }
  }

  private static void check(Store store, String sql, List<Object> values) {
    for (var step : plan(store, sql, values)) {
      if (sql.equals(WHO_HAS_JOBS)) {
        assertTrue(step.contains("COVERING INDEX") || step.contains("PRIMARY KEY"), sql + step);
      } else {
        assertTrue(step.startsWith("SEARCH ") && step.contains(" USING "), sql + ": " + step);
      }
    }
  }

  private static List<String> plan(Store store, String sql, List<Object> values) {
    return store.read(
        rows -> rows.all("EXPLAIN QUERY PLAN " + sql, row -> row.text(4), values.toArray()));
  }
}
