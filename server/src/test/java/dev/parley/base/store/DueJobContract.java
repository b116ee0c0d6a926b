package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Work for later on rows. */
interface DueJobContract extends Opening {
  Duration MINUTE = Duration.ofMinutes(1);

  /** A node's due jobs: the kind {@code note} appends its detail, the kind {@code fail} fails. */
  private static DueJobRows node(Store store, MovableClock clock) {
    var jobs = new DueJobRows(store, clock);
    jobs.handle("note", (tx, partition, detail) -> Ledger.append(tx, partition, 1, detail));
    jobs.handle(
        "fail",
        (tx, partition, detail) -> {
          Ledger.append(tx, partition, 1, detail);
          throw new IllegalStateException("This job always fails.");
        });
    return jobs;
  }

  private static void schedule(
      Store store, DueJobRows jobs, PartitionKey partition, String kind, String name, Duration in) {
    store.write(
        partition,
        tx -> {
          jobs.schedule(tx, partition, kind, name, MovableClock.START.plus(in), name + " done");
          return true;
        });
  }

  private static long rows(Store store, ResourceId resource) {
    return store
        .read(rows ->
            rows.one(
                "SELECT COUNT(*) FROM due_job WHERE resource_id = ?",
                row -> row.number(1),
                resource.value()))
        .orElseThrow();
  }

  @Test
  default void aJobIsDoneOnceWhenItIsDue() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "a", MINUTE);
      assertEquals(0, jobs.runDue());
      clock.move(CONTOSO, MINUTE.minusMillis(1));
      assertEquals(0, jobs.runDue());
      clock.move(CONTOSO, Duration.ofMillis(1));
      assertEquals(1, jobs.runDue());
      assertEquals(0, jobs.runDue());
      assertEquals(List.of("a done"), Ledger.texts(store, RED));
      assertEquals(0, rows(store, CONTOSO));
    }
  }

  @Test
  default void jobsOutliveTheirStore() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "a", MINUTE);
    }
    clock.move(CONTOSO, MINUTE);
    try (var store = reopen();
        var jobs = node(store, clock)) {
      assertEquals(1, jobs.runDue());
      assertEquals(List.of("a done"), Ledger.texts(store, RED));
    }
  }

  @Test
  default void soonestGoesFirst() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "a", MINUTE.multipliedBy(3));
      schedule(store, jobs, RED, "note", "b", MINUTE);
      schedule(store, jobs, RED, "note", "c", MINUTE.multipliedBy(2));
      clock.move(CONTOSO, Duration.ofHours(1));
      assertEquals(3, jobs.runDue());
      assertEquals(List.of("b done", "c done", "a done"), Ledger.texts(store, RED));
    }
  }

  @Test
  default void aJobThatIsMovedRunsAtItsNewTimeOnly() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "later", MINUTE);
      schedule(store, jobs, RED, "note", "later", Duration.ofHours(1));
      schedule(store, jobs, RED, "note", "sooner", Duration.ofHours(2));
      schedule(store, jobs, RED, "note", "sooner", MINUTE);
      clock.move(CONTOSO, MINUTE);
      assertEquals(1, jobs.runDue());
      assertEquals(List.of("sooner done"), Ledger.texts(store, RED));
      clock.move(CONTOSO, Duration.ofHours(3));
      assertEquals(1, jobs.runDue());
      assertEquals(List.of("sooner done", "later done"), Ledger.texts(store, RED));
    }
  }

  @Test
  default void aCancelledJobIsNotDone() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "a", MINUTE);
      schedule(store, jobs, RED, "note", "b", MINUTE);
      schedule(store, jobs, BLUE, "note", "a", MINUTE);
      store.write(
          RED,
          tx -> {
            jobs.cancel(tx, RED, "note", "a");
            jobs.cancel(tx, RED, "note", "never there");
            return true;
          });
      clock.move(CONTOSO, MINUTE);
      assertEquals(2, jobs.runDue());
      assertEquals(List.of("b done"), Ledger.texts(store, RED));
      assertEquals(List.of("a done"), Ledger.texts(store, BLUE));
    }
  }

  @Test
  default void aJobMayScheduleItselfAgain() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = new DueJobRows(store, clock)) {
      jobs.handle(
          "tick",
          (tx, partition, detail) -> {
            var count = Ledger.count(tx, partition);
            var due = MovableClock.START.plus(MINUTE.multipliedBy(count + 1));
            jobs.schedule(tx, partition, "tick", "", due, detail);
          });
      schedule(store, jobs, RED, "tick", "", MINUTE);
      for (var i = 0; i < 5; i++) {
        clock.move(CONTOSO, MINUTE);
        assertEquals(1, jobs.runDue());
      }
      assertEquals(5, Ledger.value(store, RED));
      assertEquals(1, rows(store, CONTOSO));
    }
  }

  @Test
  default void aJobThatFailsStaysAndHoldsNobodyUp() {
    var clock = new MovableClock();
    try (var store = open()) {
      try (var jobs = node(store, clock)) {
        schedule(store, jobs, RED, "fail", "a", MINUTE);
        schedule(store, jobs, RED, "note", "b", MINUTE.multipliedBy(2));
        schedule(store, jobs, BLUE, "note", "c", MINUTE.multipliedBy(3));
        clock.move(CONTOSO, Duration.ofHours(1));
        assertEquals(2, jobs.runDue());
        assertEquals(0, jobs.runDue());
        assertEquals(List.of("b done"), Ledger.texts(store, RED));
        assertEquals(List.of("c done"), Ledger.texts(store, BLUE));
        assertEquals(1, rows(store, CONTOSO));
      }
      // A program in which the work goes well finds the job where it was.
      try (var jobs = new DueJobRows(store, clock)) {
        jobs.handle("fail", (tx, partition, detail) -> Ledger.append(tx, partition, 1, detail));
        assertEquals(1, jobs.runDue());
        assertEquals(List.of("b done", "a done"), Ledger.texts(store, RED));
      }
    }
  }

  @Test
  default void manyJobsThatCannotBeDoneHoldNobodyUp() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      store.write(
          RED,
          tx -> {
            for (var i = 0; i < 250; i++) {
              var due = MovableClock.START.plusMillis(i);
              jobs.schedule(tx, RED, i < 5 ? "fail" : "nobody knows", "n" + i, due, "");
            }
            return true;
          });
      schedule(store, jobs, RED, "note", "patient", MINUTE);
      clock.move(CONTOSO, MINUTE);
      assertEquals(1, jobs.runDue());
      assertEquals(List.of("patient done"), Ledger.texts(store, RED));
      assertEquals(250, rows(store, CONTOSO));
    }
  }

  @Test
  default void jobsGoByTheirOwnResourcesClock() {
    var clock = new MovableClock();
    try (var store = open();
        var jobs = node(store, clock)) {
      schedule(store, jobs, RED, "note", "ours", MINUTE);
      schedule(store, jobs, FOREIGN_RED, "note", "theirs", MINUTE);
      clock.move(FABRIKAM, MINUTE);
      assertEquals(1, jobs.runDue());
      assertEquals(List.of(), Ledger.texts(store, RED));
      assertEquals(List.of("theirs done"), Ledger.texts(store, FOREIGN_RED));
      assertEquals(1, rows(store, CONTOSO));
      store.write(
          FOREIGN_RED,
          tx -> {
            jobs.cancel(tx, FOREIGN_RED, "note", "ours");
            return true;
          });
      clock.move(CONTOSO, MINUTE);
      assertEquals(1, jobs.runDue());
      assertEquals(List.of("ours done"), Ledger.texts(store, RED));
    }
  }

  @Test
  default void ofSeveralNodesOneDoesTheJob() throws Exception {
    var clock = new MovableClock();
    try (var store = open();
        var first = node(store, clock)) {
      for (var i = 0; i < 50; i++) {
        schedule(store, first, RED, "note", "n" + i, MINUTE);
      }
      clock.move(CONTOSO, MINUTE);
      var done =
          Crowd.each(
              4,
              _ -> {
                try (var node = node(store, clock)) {
                  return node.runDue();
                }
              });
      assertEquals(50, done.stream().mapToInt(count -> count).sum());
      assertEquals(50, Set.copyOf(Ledger.texts(store, RED)).size());
      assertEquals(50, Ledger.texts(store, RED).size());
    }
  }

  @Test
  default void theThreadDoesWhatIsDue() {
    var clock = new MovableClock();
    var done = new CountDownLatch(3);
    var seen = ConcurrentHashMap.<String>newKeySet();
    try (var store = open();
        var jobs = new DueJobRows(store, clock)) {
      jobs.handle(
          "tell",
          (_, _, detail) -> {
            if (seen.add(detail)) {
              done.countDown();
            }
          });
      jobs.start();
      for (var name : List.of("a", "b", "c")) {
        schedule(store, jobs, RED, "tell", name, MINUTE);
      }
      clock.move(CONTOSO, MINUTE);
      jobs.wake();
      Crowd.await(done);
      assertTrue(seen.contains("c done"));
    }
  }

  @Test
  default void aClockThatFailsDoesNotEndTheThread() {
    var clock = new MovableClock();
    var failed = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    try (var store = open();
        var jobs =
            new DueJobRows(
                store,
                resource -> {
                  if (failed.getCount() > 0) {
                    failed.countDown();
                    throw new IllegalStateException("The clock of " + resource + " is away.");
                  }
                  return clock.now(resource);
                })) {
      jobs.handle("tell", (_, _, _) -> done.countDown());
      schedule(store, jobs, RED, "tell", "a", Duration.ZERO);
      jobs.start();
      Crowd.await(failed);
      jobs.wake();
      Crowd.await(done);
    }
  }
}
