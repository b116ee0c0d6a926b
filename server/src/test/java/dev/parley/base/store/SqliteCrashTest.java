package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.ChatEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of its work loses nothing that it acknowledged. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteCrashTest {
  private static final int ROUNDS = 10;
  private static final int SENDERS = 64;

  /** Every write to a file takes a millisecond, so that a kill finds most commits half written. */
  private static final List<String> SLOW_DISK =
      List.of(
          "strace",
          "-f",
          "--seccomp-bpf",
          "-o",
          "/dev/null",
          "-e",
          "trace=pwrite64",
          "-e",
          "inject=pwrite64:delay_enter=1000");

  @TempDir private Path folder;

  @Test
  void whatWasAcknowledgedIsThereAfterEveryKill() throws Exception {
    var seed = System.nanoTime();
    System.out.println("whatWasAcknowledgedIsThereAfterEveryKill: seed " + seed);
    var random = new Random(seed);
    var slow = SenderProgram.canRunUnder("strace");
    if (!slow) {
      System.out.println("strace is not on the path: no kill meets a slow disk.");
    }
    var acknowledged = new HashSet<String>();
    for (var round = 0; round < ROUNDS; round++) {
      var before = acknowledged.size();
      if (slow && round % 2 == 1) {
        sendUntilKilled(SLOW_DISK, 1 + random.nextInt(300), acknowledged);
      } else {
        sendUntilKilled(List.of(), 1 + random.nextInt(3_000), acknowledged);
      }
      assertTrue(acknowledged.size() > before);
      check(acknowledged);
    }
    System.out.println(ROUNDS + " kills, " + acknowledged.size() + " acknowledged, none missing");
  }

  private Path file() {
    return folder.resolve("parley.db");
  }

  /** Kills after so many lines, at whatever the process does then; it printed some more by then. */
  private void sendUntilKilled(List<String> under, int lines, Set<String> acknowledged)
      throws Exception {
    var process = SenderProgram.start(under, file(), SENDERS, Integer.MAX_VALUE);
    try (var out = process.inputReader()) {
      for (var i = 0; i < lines; i++) {
        assertTrue(read(out, acknowledged), "the process ended by itself");
      }
      // Through the handle, which leaves the pipe open: what is in it was acknowledged as well.
      kill(process);
      var more = true;
      while (more) {
        more = read(out, acknowledged);
      }
    } finally {
      kill(process);
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertNotEquals(0, process.exitValue());
  }

  private static void kill(Process process) {
    var traced = process.descendants().toList();
    (traced.isEmpty() ? List.of(process.toHandle()) : traced)
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean read(BufferedReader out, Set<String> acknowledged) throws IOException {
    var line = out.readLine();
    if (line == null) {
      return false;
    }
    assertTrue(line.startsWith("acknowledged thread:"), line);
    assertTrue(acknowledged.add(line.substring("acknowledged ".length())), "twice: " + line);
    return true;
  }

  private void check(Set<String> acknowledged) {
    try (var _ = DataLock.take(folder);
        var store = new SqliteStore(file(), Ledger.MIGRATIONS, StoreOptions.DEFAULT)) {
      assertEquals(List.of(), store.check());
      JournalContract.assertWithoutHoles(store);
      var journal = JournalContract.journal(store);
      var stored = new HashSet<String>();
      for (var thread : SenderProgram.threads()) {
        var ids = Ledger.ids(store, thread);
        ids.forEach(id -> stored.add(thread.value() + " " + id));
        assertEquals(ids.size(), Ledger.value(store, thread));
        assertEquals(ids, journaled(journal, thread));
      }
      assertEquals(journal.size(), stored.size());
      var missing = new HashSet<>(acknowledged);
      missing.removeAll(stored);
      assertEquals(Set.of(), missing);
    }
  }

  private static List<Long> journaled(List<JournalRow> journal, PartitionKey thread) {
    return journal.stream()
        .filter(row -> row.partition().equals(thread))
        .map(row -> ((ChatEvent.MessageReceived) row.event()).message().value())
        .toList();
  }
}
