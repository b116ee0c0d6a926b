package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.Refusal;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What units leave to each other is as good as asking. */
interface MemoryContract extends Opening {
  int UNITS = 600;
  int PLACES = 5;

  /** The newest note of a partition. */
  record Newest(long id) {
    /** Remembered or asked. */
    static long of(Tx tx, PartitionKey place, AtomicInteger knew) {
      var known = tx.remembered(Newest.class);
      known.ifPresent(_ -> knew.incrementAndGet());
      return known.map(Newest::id).orElseGet(() -> asked(tx, place));
    }

    static long asked(Tx tx, PartitionKey place) {
      return Ledger.newest(tx, place).orElse(0L);
    }
  }

  @Test
  default void whatIsLeftIsTrueWhateverOthersDo() throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var kinds = random.ints(UNITS, 0, 8).toArray();
    var knew = new AtomicInteger();
    var stored = new AtomicInteger();
    try (var store = open()) {
      Crowd.each(
          UNITS,
          number -> {
            var place = new PartitionKey(CONTOSO, "place:" + number % PLACES);
            switch (kinds[number]) {
              case 0 ->
                  // Changes, and leaves nothing.
                  store.write(
                      place,
                      tx -> {
                        var id = Newest.of(tx, place, knew) + 10;
                        Ledger.add(tx, place, id, "far");
                        return id;
                      });
              case 1 ->
                  // What it leaves is wrong, but it is not stored.
                  assertThrows(
                      Refusal.class,
                      () ->
                          store.write(
                              place,
                              tx -> {
                                tx.remember(new Newest(1_000_000));
                                throw Refusal.of(409, "No", "Not this one.");
                              }));
              case 2 ->
                  // Remembers before it changes, which is forgotten.
                  store.write(
                      place,
                      tx -> {
                        var id = Newest.of(tx, place, knew) + 1;
                        tx.remember(new Newest(id - 1));
                        Ledger.add(tx, place, id, "late");
                        return id;
                      });
              case 3 ->
                  // Compares; a question sees what units before it have added.
                  assertEquals(
                      Optional.empty(),
                      store.write(
                          place,
                          tx -> {
                            var known = tx.remembered(Newest.class);
                            var asked = Newest.asked(tx, place);
                            return known.filter(newest -> newest.id() != asked);
                          }));
              default ->
                  store.write(
                      place,
                      tx -> {
                        var id = Newest.of(tx, place, knew) + 1;
                        Ledger.add(tx, place, id, "next");
                        tx.remember(new Newest(id));
                        return id;
                      });
            }
            if (kinds[number] != 1 && kinds[number] != 3) {
              stored.incrementAndGet();
            }
            return number;
          });
      var notes = 0;
      for (var place = 0; place < PLACES; place++) {
        notes += Ledger.ids(store, new PartitionKey(CONTOSO, "place:" + place)).size();
      }
      assertEquals(stored.get(), notes);
      assertTrue(knew.get() > 0, "nobody knew anything");
    }
  }

  @Test
  default void aReopenedStoreRemembersNothingWrong() {
    try (var store = open()) {
      store.write(
          RED,
          tx -> {
            tx.remember(new Newest(7));
            return true;
          });
    }
    try (var store = reopen()) {
      assertEquals(Optional.empty(), store.write(RED, tx -> tx.remembered(Newest.class)));
    }
  }
}
