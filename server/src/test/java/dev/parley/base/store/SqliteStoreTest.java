package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SQLite, and what only this engine promises. */
class SqliteStoreTest implements StoreContract {
  @TempDir private Path folder;

  @Override
  public Store open(StoreOptions options) {
    return new SqliteStore(file(), Ledger.MIGRATIONS, options);
  }

  @Override
  public Store reopen(List<Migration> rooms) {
    return new SqliteStore(file(), rooms, StoreOptions.DEFAULT);
  }

  @Override
  public Store openBackup(Path backup) {
    return new SqliteStore(backup, Ledger.MIGRATIONS, StoreOptions.DEFAULT);
  }

  private Path file() {
    return folder.resolve("parley.db");
  }

  @Test
  void anyFileNameWorks() {
    for (var name : List.of("a?mode=memory", "b#c", "100%20 %", "é 漢; &=+", "'\"", ":memory:")) {
      var file = folder.resolve(name + ".db");
      try (var store = new SqliteStore(file, Ledger.MIGRATIONS, StoreOptions.DEFAULT)) {
        assertTrue(Files.exists(file), name);
        assertEquals(1, Ledger.count(store, RED));
        assertEquals(1, Ledger.value(store, RED));
        store.backup(folder.resolve(name + ".backup"));
      }
      try (var store = new SqliteStore(file, Ledger.MIGRATIONS, StoreOptions.DEFAULT)) {
        assertEquals(2, Ledger.count(store, RED));
      }
      try (var store = openBackup(folder.resolve(name + ".backup"))) {
        assertEquals(1, Ledger.value(store, RED));
      }
    }
  }

  @Test
  void aQuestionCannotWrite() {
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
  void aFileThatIsNoDatabaseIsLeftAlone() throws IOException {
    var text =
        "This is a letter and no database, and it is long enough to be looked at. ".repeat(50);
    Files.writeString(file(), text);
    assertThrows(IllegalStateException.class, this::reopen);
    assertEquals(text, Files.readString(file()));
  }

  @Test
  void theLogIsGivenBackWhenNobodyWrites() {
    try (var store = open()) {
      store.write(RED, tx -> Ledger.append(tx, RED, 1, "x".repeat(100_000)));
      Crowd.until(() -> size(folder.resolve("parley.db-wal")) == 0);
      assertEquals(1, Ledger.count(store, RED));
    }
  }

  @Test
  void theLogIsCopiedBackWhileTheWriterGoesOn() {
    try (var store = open()) {
      var before = size(file());
      var copied = false;
      // Fewer pages than begin the log anew, and no pause in which an idle writer gives it back.
      for (var number = 1; number <= 4_000 && !copied; number++) {
        var next = number;
        store.write(RED, tx -> Ledger.append(tx, RED, next, "x".repeat(10_000)));
        copied = size(file()) > before + 1_000_000;
      }
      assertTrue(copied);
    }
  }

  @Test
  void aLongReadHoldsNoWriterUp() throws Exception {
    try (var store = open();
        var crowd = new Crowd()) {
      var gate = new CountDownLatch(1);
      var inside = new CountDownLatch(1);
      var before = size(file());
      store.write(RED, tx -> Ledger.append(tx, RED, 1, "x".repeat(100_000)));
      var reader =
          crowd.start(() ->
              store.read(rows -> {
                var seen = Ledger.value(rows, RED);
                inside.countDown();
                Crowd.await(gate);
                return seen;
              }));
      Crowd.await(inside);
      // The file grows when the idle writer gives the log back, which the reader keeps it from.
      Crowd.until(() -> size(file()) > before + 100_000);
      var start = System.nanoTime();
      assertEquals(1, Ledger.count(store, RED));
      var took = Duration.ofNanos(System.nanoTime() - start);
      gate.countDown();
      assertEquals(0, Crowd.answer(reader));
      assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took::toString);
    }
  }

  @Test
  void aFullFileTurnsUnitsAwayUntilThereIsRoom() {
    try (var store = open()) {
      Ledger.count(store, RED);
      pages(store, "PRAGMA max_page_count = 60");
      var stored = 0;
      var full = false;
      while (!full && stored < 1_000) {
        try {
          note(store);
          stored++;
        } catch (StoreUnavailable _) {
          full = true;
        }
      }
      assertTrue(full && stored > 0, "stored " + stored);
      assertEquals(stored, Ledger.ids(store, BLUE).size());
      assertThrows(
          Refusal.class,
          () ->
              store.write(
                  RED,
                  _ -> {
                    throw Refusal.of(404, "NotFound", "No.");
                  }));
      pages(store, "PRAGMA max_page_count = 100000");
      note(store);
      assertEquals(stored + 1, Ledger.ids(store, BLUE).size());
      assertEquals(stored + 1, JournalContract.journal(store).size());
      JournalContract.assertWithoutHoles(store);
      assertEquals(List.of(), store.check());
    }
  }

  private static void pages(Store store, String pragma) {
    store.write(RED, tx -> tx.one(pragma, row -> row.number(1)));
  }

  private static void note(Store store) {
    store.write(
        BLUE,
        tx -> {
          tx.publish(new IdentityEvent.Created("user"), Origin.service("test"));
          return Ledger.append(tx, BLUE, 1, "x".repeat(5_000));
        });
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
