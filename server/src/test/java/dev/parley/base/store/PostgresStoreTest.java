package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The contract on PostgreSQL, and what only this engine promises. */
@DisabledIfEnvironmentVariable(named = "PARLEY_WITHOUT_POSTGRES", matches = "1")
class PostgresStoreTest implements StoreContract {
  private final PostgresServer server = PostgresServer.shared();
  private final PostgresConfig database = PostgresConfig.of(server.newDatabase());

  @Override
  public Store open(StoreOptions options) {
    return PostgresStore.open(database, Ledger.MIGRATIONS, options);
  }

  @Override
  public Store reopen(List<Migration> rooms) {
    return PostgresStore.open(database, rooms, StoreOptions.DEFAULT);
  }

  @Override
  public Store openBackup(Path backup) {
    var restored = PostgresConfig.of(server.newDatabase());
    PostgresRestore.restore(restored, Ledger.MIGRATIONS, backup);
    return PostgresStore.open(restored, Ledger.MIGRATIONS, StoreOptions.DEFAULT);
  }

  @Test
  void aQuestionOfAReaderCannotWrite() {
    try (var store = open()) {
      Ledger.count(store, RED);
      assertThrows(
          RuntimeException.class,
          () ->
              store.read(
                  rows -> rows.all("DELETE FROM counter RETURNING value", row -> row.number(1))));
      assertEquals(1, Ledger.value(store, RED));
    }
  }

  @Test
  void aUnitThatWritesThroughTheStoreIsStopped() {
    try (var store = open()) {
      assertThrows(
          IllegalStateException.class, () -> store.write(RED, _ -> Ledger.count(store, BLUE)));
      assertEquals(1, Ledger.count(store, RED));
    }
  }

  @Test
  void aListenerThatBreaksDownRepeatsNoUnit() {
    try (var store = open()) {
      store.onCommit(_ -> {
        throw new AssertionError("a hearer's mistake");
      });
      for (var i = 1; i <= 3; i++) {
        var counted =
            store.write(
                RED,
                tx -> {
                  tx.publish(new IdentityEvent.Created("user"), Origin.service("test"));
                  return Ledger.count(tx, RED);
                });
        assertEquals(i, counted);
      }
      assertEquals(3, JournalContract.journal(store).size());
    }
  }

  @Test
  void theStoreDoesNotRestOnTheSettingsOfTheDatabase() throws Exception {
    for (var setting :
        List.of(
            "default_transaction_isolation = 'repeatable read'",
            "default_transaction_read_only = on",
            "synchronous_commit = off")) {
      server.execute("postgres", "ALTER DATABASE %s SET %s".formatted(name(), setting));
    }
    try (var one = open();
        var other = open()) {
      Crowd.each(
          32,
          number -> {
            for (var i = 0; i < 10; i++) {
              Ledger.count(number % 2 == 0 ? one : other, RED);
            }
            return true;
          });
      assertEquals(320, Ledger.value(one, RED));
      assertEquals("on", one.write(RED, tx -> setting(tx, "synchronous_commit")));
    }
  }

  private String name() {
    return database.place().substring(database.place().indexOf('/') + 1);
  }

  private static String setting(Rows rows, String name) {
    return rows.one("SELECT current_setting(?)", row -> row.text(1), name).orElseThrow();
  }

  @Test
  void severalProcessesMayMakeTheSchemaAtOnce() throws Exception {
    var stores = Crowd.each(8, _ -> open());
    try {
      for (var i = 0; i < stores.size(); i++) {
        assertEquals(i + 1, Ledger.count(stores.get(i), RED));
      }
      assertEquals(PostgresJournal.SHARDS, stores.getFirst().heads().size());
    } finally {
      stores.forEach(Store::close);
    }
  }

  @Test
  void aDatabaseInAnotherEncodingIsRefused() {
    var ascii = name() + "_ascii";
    server.execute(
        "postgres", "CREATE DATABASE " + ascii + " ENCODING 'SQL_ASCII' TEMPLATE template0");
    var config = PostgresConfig.of(database.url().replace(name(), ascii));
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () -> PostgresStore.open(config, Ledger.MIGRATIONS, StoreOptions.DEFAULT));
    assertTrue(thrown.getMessage().contains("UTF8"), thrown.getMessage());
  }

  @Test
  void aServerThatIsNotThereIsSaidSoWithoutThePassword() {
    var config = PostgresConfig.of("jdbc:postgresql://127.0.0.1:1/parley?user=u&password=hush");
    var thrown =
        assertThrows(
            StoreUnavailable.class,
            () -> PostgresStore.open(config, Ledger.MIGRATIONS, StoreOptions.DEFAULT));
    assertTrue(thrown.getMessage().contains("127.0.0.1:1/parley"), thrown.getMessage());
    assertFalse((thrown + " " + thrown.getCause() + " " + config).contains("hush"));
  }

  @Test
  void aRestoreWantsAnEmptyDatabaseAndAWholeFile(@TempDir Path folder) throws IOException {
    var whole = folder.resolve("whole");
    try (var store = open()) {
      store.write(RED, tx -> Ledger.append(tx, RED, 1, "x".repeat(50_000)));
      store.backup(whole);
    }
    assertThrows(
        IllegalStateException.class,
        () -> PostgresRestore.restore(database, Ledger.MIGRATIONS, whole));
    var bytes = Files.readAllBytes(whole);
    var cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
    var empty = PostgresConfig.of(server.newDatabase());
    assertThrows(
        RuntimeException.class, () -> PostgresRestore.restore(empty, Ledger.MIGRATIONS, cut));
    PostgresRestore.restore(empty, Ledger.MIGRATIONS, whole);
    try (var store = PostgresStore.open(empty, Ledger.MIGRATIONS, StoreOptions.DEFAULT)) {
      assertEquals(List.of(1L), Ledger.ids(store, RED));
    }
  }

  /** Two stores are what two processes have: each its own connections, queue and writer. */
  @Test
  void aReaderByPositionMissesNothingOfTwoStores() throws Exception {
    var acknowledged = new ConcurrentLinkedQueue<String>();
    try (var one = open();
        var other = open();
        var crowd = new Crowd()) {
      var done = new CountDownLatch(1);
      var tail = crowd.start(tail(one, done));
      Crowd.each(
          32,
          number -> {
            for (var i = 0; i < 40; i++) {
              acknowledged.add(publish(number % 2 == 0 ? one : other, number % 12));
            }
            return true;
          });
      done.countDown();
      var seen = Crowd.answer(tail);
      assertEquals(32 * 40, acknowledged.size());
      assertEquals(acknowledged.size(), seen.size());
      assertEquals(new HashSet<>(acknowledged), new HashSet<>(seen));
      assertEquals(List.of(), other.check());
    }
  }

  /** What one process remembers ends where the other writes, also what it does not publish. */
  @Test
  void whatIsRememberedEndsWhereAnotherProcessWrites() throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var knew = new AtomicInteger();
    var expected = new AtomicInteger();
    try (var one = open();
        var other = open()) {
      for (var round = 0; round < 60; round++) {
        var alone = random.nextBoolean() ? one : other;
        // Asks, although what it expects of the shard may be wrong.
        var newest = alone.write(RED, tx -> MemoryContract.Newest.asked(tx, RED));
        assertEquals(expected.get(), newest);
        // Long enough to take the shard for its own.
        for (var i = 0; i < 24; i++) {
          var published = random.nextBoolean();
          alone.write(RED, tx -> append(tx, knew, published));
          expected.incrementAndGet();
        }
        if (round % 3 == 0) {
          Crowd.each(
              8,
              number -> {
                var store = number % 2 == 0 ? one : other;
                return store.write(RED, tx -> append(tx, new AtomicInteger(), number > 3));
              });
          expected.addAndGet(8);
        }
      }
      assertEquals(expected.get(), Ledger.ids(one, RED).size());
      assertEquals(expected.get(), Ledger.ids(one, RED).getLast());
      // Alone and one after the other, so that it was another commit that left it.
      assertTrue(knew.get() > 60, () -> knew + " of " + expected);
      assertEquals(List.of(), one.check());
    }
  }

  private static boolean append(Tx tx, AtomicInteger knew, boolean published) {
    var id = MemoryContract.Newest.of(tx, RED, knew) + 1;
    Ledger.add(tx, RED, id, "next");
    if (published) {
      tx.publish(new IdentityEvent.Created("u" + id), Origin.service("test"));
    }
    tx.remember(new MemoryContract.Newest(id));
    return true;
  }

  private static String publish(Store store, int number) {
    var partition = new PartitionKey(CONTOSO, "thread:" + number);
    return store.write(
        partition,
        tx -> {
          var user = partition.value() + " " + Ledger.count(tx, partition);
          tx.publish(new IdentityEvent.Created(user), Origin.service("test"));
          return user;
        });
  }

  /** Follows the journal while it is written, and once more to its end afterwards. */
  private static Callable<List<String>> tail(Store store, CountDownLatch done) {
    return () -> {
      var seen = new ArrayList<JournalRow>();
      var positions = new HashMap<Shard, Long>();
      var shards = List.copyOf(store.heads().keySet());
      var last = false;
      while (!last) {
        last = done.getCount() == 0;
        for (var shard : shards) {
          List<JournalRow> page;
          do {
            page = store.journal(shard, positions.getOrDefault(shard, 0L), 7);
            for (var row : page) {
              assertEquals(positions.merge(shard, 1L, Long::sum), row.position(), "a hole");
              seen.add(row);
            }
          } while (!page.isEmpty());
        }
      }
      return seen.stream().map(row -> ((IdentityEvent.Created) row.event()).userId()).toList();
    };
  }
}
