package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What holds when many write at once. */
interface CrowdContract extends Opening {
  /** Few units in a commit and few that wait, so that the bound is soon reached. */
  StoreOptions NARROW =
      new StoreOptions(
          1, 4, 2, StoreOptions.DEFAULT.readWait(), false, StoreOptions.DEFAULT.clock());

  @Test
  default void unitsOfOnePartitionNeverInterleave() throws Exception {
    try (var store = open()) {
      var counted =
          Crowd.each(
              64,
              number -> {
                var partition = number % 2 == 0 ? RED : BLUE;
                var mine = new ArrayList<Long>();
                for (var i = 0; i < 20; i++) {
                  mine.add(Ledger.count(store, partition));
                }
                return mine;
              });
      assertEquals(640, Ledger.value(store, RED));
      assertEquals(640, Ledger.value(store, BLUE));
      var red = new ArrayList<Long>();
      for (var i = 0; i < 64; i += 2) {
        red.addAll(counted.get(i));
      }
      assertEquals(LongStream.rangeClosed(1, 640).boxed().toList(), red.stream().sorted().toList());
    }
  }

  @Test
  default void messageIdsAreUniqueAndRise() throws Exception {
    try (var store = open()) {
      var given =
          Crowd.each(
              64,
              number -> {
                var mine = new ArrayList<Long>();
                for (var i = 0; i < 20; i++) {
                  // Clocks of callers differ a little; the ids rise all the same.
                  var now = 1_000_000L - number;
                  mine.add(store.write(RED, tx -> Ledger.append(tx, RED, now, "from " + number)));
                }
                return mine;
              });
      var all = new HashSet<Long>();
      for (var mine : given) {
        assertEquals(mine.stream().sorted().distinct().toList(), mine);
        all.addAll(mine);
      }
      assertEquals(64 * 20, all.size());
      assertEquals(all, new HashSet<>(Ledger.ids(store, RED)));
    }
  }

  @Test
  default void aFailedUnitLeavesTheOthersOfItsBatchAlone() throws Exception {
    try (var store = open();
        var crowd = new Crowd()) {
      // Everything below gathers behind one unit that waits, and so shares few commits.
      var gate = new CountDownLatch(1);
      var inside = new CountDownLatch(1);
      var first = crowd.start(() -> held(store, inside, gate));
      Crowd.await(inside);
      var units = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < 60; i++) {
        var id = i;
        units.add(crowd.start(() -> oneOfThree(store, id)));
      }
      gate.countDown();
      assertTrue(Crowd.answer(first));
      var stored = new ArrayList<Long>();
      for (var i = 0; i < 60; i++) {
        if (Crowd.answer(units.get(i))) {
          stored.add((long) i);
        }
      }
      assertEquals(20, stored.size());
      assertEquals(stored, Ledger.ids(store, BLUE));
    }
  }

  private static boolean held(Store store, CountDownLatch inside, CountDownLatch gate) {
    return store.write(
        RED,
        tx -> {
          inside.countDown();
          Crowd.await(gate);
          Ledger.count(tx, RED);
          return true;
        });
  }

  /** Every third unit is stored, one is refused after it wrote, and one breaks a constraint. */
  private static boolean oneOfThree(Store store, int id) {
    Unit<Boolean> unit =
        tx -> {
          Ledger.add(tx, BLUE, id, "note");
          if (id % 3 == 1) {
            throw Refusal.of(400, "BadRequest", "No.");
          }
          if (id % 3 == 2) {
            tx.run(
                "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)",
                CONTOSO.value(),
                "blue",
                null);
          }
          return true;
        };
    if (id % 3 == 0) {
      return store.write(BLUE, unit);
    }
    var thrown = assertThrows(RuntimeException.class, () -> store.write(BLUE, unit));
    assertEquals(id % 3 == 1, thrown instanceof Refusal);
    return false;
  }

  @Test
  default void oneUnitTooManyIsTurnedAway() throws Exception {
    try (var store = open(NARROW);
        var crowd = new Crowd()) {
      var gate = new CountDownLatch(1);
      var inside = new CountDownLatch(1);
      var first = crowd.start(() -> held(store, inside, gate));
      Crowd.await(inside);
      var refused = new CountDownLatch(40);
      var units = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < 50; i++) {
        units.add(crowd.start(() -> stored(store, refused)));
      }
      Crowd.await(refused);
      gate.countDown();
      assertTrue(Crowd.answer(first));
      var stored = 0L;
      for (var unit : units) {
        stored += Crowd.answer(unit) ? 1 : 0;
      }
      assertTrue(stored > 0 && stored <= 10, "stored " + stored);
      assertEquals(stored, Ledger.value(store, BLUE));
      assertEquals(stored + 1, Ledger.count(store, BLUE));
    }
  }

  private static boolean stored(Store store, CountDownLatch refused) {
    try {
      Ledger.count(store, BLUE);
      return true;
    } catch (StoreUnavailable _) {
      refused.countDown();
      return false;
    }
  }

  @Test
  default void closingEndsEveryUnitThatWaits() throws Exception {
    var stored = 0L;
    try (var crowd = new Crowd()) {
      var store = open();
      var gate = new CountDownLatch(1);
      var inside = new CountDownLatch(1);
      var first = crowd.start(() -> held(store, inside, gate));
      Crowd.await(inside);
      var units = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < 100; i++) {
        units.add(crowd.start(() -> stored(store, new CountDownLatch(1))));
      }
      var closed =
          crowd.start(() -> {
            store.close();
            return true;
          });
      gate.countDown();
      assertTrue(Crowd.answer(first));
      assertTrue(Crowd.answer(closed));
      for (var unit : units) {
        stored += Crowd.answer(unit) ? 1 : 0;
      }
      assertThrows(StoreUnavailable.class, () -> Ledger.count(store, RED));
    }
    try (var store = reopen()) {
      assertEquals(stored, Ledger.value(store, BLUE));
      assertEquals(List.of(), store.check());
    }
  }

  @Test
  default void nobodyIsForgottenWhenAStoreClosesUnderLoad() throws Exception {
    var stored = 0L;
    for (var round = 0; round < 10; round++) {
      try (var crowd = new Crowd()) {
        var store = round == 0 ? open() : reopen();
        var started = new CountDownLatch(8);
        var writers = new ArrayList<Future<Long>>();
        for (var i = 0; i < 16; i++) {
          writers.add(crowd.start(() -> untilClosed(store, started)));
        }
        Crowd.await(started);
        store.close();
        for (var writer : writers) {
          stored += Crowd.answer(writer);
        }
      }
    }
    try (var store = reopen()) {
      assertEquals(stored, Ledger.value(store, BLUE));
    }
  }

  private static long untilClosed(Store store, CountDownLatch started) {
    for (var count = 0L; count < 100_000; count++) {
      if (!stored(store, new CountDownLatch(1))) {
        return count;
      }
      started.countDown();
    }
    throw new IllegalStateException("The store never closed.");
  }
}
