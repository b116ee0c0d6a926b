package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of everything. */
interface BackupContract extends Opening {
  @Test
  default void aBackupTakenWhileWorkGoesOnIsWhole(@TempDir Path folder) throws Exception {
    var backup = folder.resolve("backup");
    long before;
    long after;
    try (var store = open();
        var crowd = new Crowd()) {
      var warm = new CountDownLatch(200);
      var stop = new AtomicBoolean();
      var writers = new ArrayList<Future<Long>>();
      for (var i = 0; i < 8; i++) {
        writers.add(crowd.start(() -> work(store, warm, stop)));
      }
      Crowd.await(warm);
      before = Ledger.value(store, RED);
      store.backup(backup);
      stop.set(true);
      for (var writer : writers) {
        assertTrue(Crowd.answer(writer) > 0);
      }
      after = Ledger.value(store, RED);
    }
    try (var store = openBackup(backup)) {
      assertEquals(List.of(), store.check());
      var counted = Ledger.value(store, RED);
      assertTrue(before <= counted && counted <= after, before + ", " + counted + ", " + after);
      assertEquals(counted, Ledger.ids(store, RED).size());
      assertEquals(counted, JournalContract.journal(store).size());
      JournalContract.assertWithoutHoles(store);
      assertEquals(counted + 1, Ledger.count(store, RED));
    }
  }

  private static long work(Store store, CountDownLatch warm, AtomicBoolean stop) {
    var done = 0L;
    while (!stop.get() && done < 50_000) {
      store.write(
          RED,
          tx -> {
            Ledger.append(tx, RED, 1, "note");
            tx.publish(new IdentityEvent.Created("user"), Origin.service("test"));
            return Ledger.count(tx, RED);
          });
      done++;
      warm.countDown();
    }
    return done;
  }

  @Test
  default void aBackupReplacesNothing(@TempDir Path folder) throws IOException {
    try (var store = open()) {
      var backup = folder.resolve("backup");
      store.backup(backup);
      var before = Files.readAllBytes(backup);
      Ledger.count(store, RED);
      assertThrows(RuntimeException.class, () -> store.backup(backup));
      assertArrayEquals(before, Files.readAllBytes(backup));
    }
  }

  @Test
  default void aBackupThatCannotBeWrittenIsSaidSo(@TempDir Path folder) {
    try (var store = open()) {
      var nowhere = folder.resolve("missing").resolve("backup");
      assertThrows(RuntimeException.class, () -> store.backup(nowhere));
      assertEquals(1, Ledger.count(store, RED));
    }
  }
}
