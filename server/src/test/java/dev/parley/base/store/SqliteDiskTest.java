package dev.parley.base.store;

import static dev.parley.base.store.Opening.RED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of eight megabytes that is really full. */
class SqliteDiskTest {
  @TempDir private Path folder;

  @BeforeEach
  void mount() throws Exception {
    var mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "parley-test", folder.toString());
    if (!mounted) {
      System.out.println("SqliteDiskTest is skipped: this account may not mount a small disk.");
    }
    assumeTrue(mounted);
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  @Test
  void aFullDiskTurnsUnitsAwayUntilThereIsRoom() throws Exception {
    var ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[4 * 1024 * 1024]);
    var acknowledged = new HashSet<Long>();
    try (var store = open("parley.db")) {
      fill(store, acknowledged);
      assertTrue(acknowledged.size() > 10, () -> "acknowledged " + acknowledged.size());
      var backup = folder.resolve("backup");
      assertThrows(StoreUnavailable.class, () -> store.backup(backup));
      assertEquals(acknowledged, new HashSet<>(Ledger.ids(store, RED)));
      Files.delete(ballast);
      acknowledged.add(append(store, 2_000));
      acknowledged.add(append(store, 2_000));
      check(store, acknowledged);
      store.backup(backup);
    }
    for (var name : List.of("parley.db", "backup")) {
      try (var store = open(name)) {
        check(store, acknowledged);
      }
    }
  }

  @Test
  void whatWasAcknowledgedOnAFullDiskIsThereAfterAReopening() {
    var acknowledged = new HashSet<Long>();
    try (var store = open("parley.db")) {
      fill(store, acknowledged);
    }
    try (var store = open("parley.db")) {
      check(store, acknowledged);
    }
  }

  private Store open(String name) {
    return new SqliteStore(folder.resolve(name), Ledger.MIGRATIONS, StoreOptions.DEFAULT);
  }

  private static void fill(Store store, Set<Long> acknowledged) {
    for (var i = 0; i < 1_000; i++) {
      try {
        acknowledged.add(append(store, 10_000));
      } catch (StoreUnavailable _) {
        return;
      }
    }
    throw new IllegalStateException("The disk was never full.");
  }

  private static long append(Store store, int size) {
    return store.write(
        RED,
        tx -> {
          tx.publish(new IdentityEvent.Created("user"), Origin.service("test"));
          return Ledger.append(tx, RED, 1, "x".repeat(size));
        });
  }

  private static void check(Store store, Set<Long> acknowledged) {
    assertEquals(List.of(), store.check());
    assertEquals(acknowledged, new HashSet<>(Ledger.ids(store, RED)));
    assertEquals(acknowledged.size(), JournalContract.journal(store).size());
    JournalContract.assertWithoutHoles(store);
  }

  private static boolean run(String... command) throws Exception {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var ended = process.waitFor(20, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
