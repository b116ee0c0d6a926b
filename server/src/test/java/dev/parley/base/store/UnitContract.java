package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What one unit may rely on. */
interface UnitContract extends Opening {
  @Test
  default void aUnitIsSeenByReadersWhenItHasReturned() {
    try (var store = open()) {
      var id = store.write(RED, tx -> Ledger.append(tx, RED, 1_000, "hello"));
      assertEquals(1_000, id);
      assertEquals(List.of("hello"), Ledger.texts(store, RED));
    }
  }

  @Test
  default void aUnitMayReturnNothing() {
    try (var store = open()) {
      assertNull(store.<String>write(RED, _ -> null));
    }
  }

  @Test
  default void everyTypeOfValueComesBackAsItWas() {
    try (var store = open()) {
      var bytes = new byte[] {0, -1, 127, -128, 10};
      var text = "é 漢 \uD83D\uDE00 'quoted' \"twice\" \n\t\\ %_?";
      store.write(
          RED,
          tx ->
              tx.run(
                  "INSERT INTO note (resource_id, name, note_id, content, body) VALUES (?, ?, ?, ?, ?)",
                  CONTOSO.value(),
                  "red",
                  Long.MAX_VALUE,
                  text,
                  bytes));
      store.write(
          RED,
          tx ->
              tx.run(
                  "INSERT INTO note (resource_id, name, note_id, content, body) VALUES (?, ?, ?, ?, ?)",
                  CONTOSO.value(),
                  "red",
                  7,
                  null,
                  null));
      assertEquals(List.of(7L, Long.MAX_VALUE), Ledger.ids(store, RED));
      assertEquals(List.of("(null)", text), Ledger.texts(store, RED));
      var bodies =
          store.read(rows ->
              rows.all(
                  "SELECT body FROM note WHERE resource_id = ? AND name = ? ORDER BY note_id",
                  row -> row.bytesIf(1),
                  CONTOSO.value(),
                  "red"));
      assertEquals(Optional.empty(), bodies.getFirst());
      assertArrayEquals(bytes, bodies.getLast().orElseThrow());
    }
  }

  @Test
  default void aRefusalStoresNothingOfItsUnit() {
    try (var store = open()) {
      var refusal = Refusal.of(403, "Forbidden", "No.");
      var thrown =
          assertThrows(
              Refusal.class,
              () ->
                  store.write(
                      RED,
                      tx -> {
                        Ledger.count(tx, RED);
                        Ledger.append(tx, RED, 1, "never");
                        tx.publish(new IdentityEvent.Created("never"), Origin.service("test"));
                        throw refusal;
                      }));
      assertSame(refusal, thrown);
      assertEquals(0, Ledger.value(store, RED));
      assertEquals(List.of(), Ledger.ids(store, RED));
      assertEquals(0, store.heads().values().stream().mapToLong(head -> head).sum());
      assertEquals(1, Ledger.count(store, RED));
    }
  }

  @Test
  default void aBrokenConstraintStoresNothingOfItsUnit() {
    try (var store = open()) {
      store.write(RED, tx -> Ledger.append(tx, RED, 5, "first"));
      assertThrows(
          RuntimeException.class,
          () ->
              store.write(
                  RED,
                  tx -> {
                    Ledger.count(tx, RED);
                    Ledger.add(tx, RED, 6, "second");
                    Ledger.add(tx, RED, 5, "first again");
                    return true;
                  }));
      assertEquals(List.of("first"), Ledger.texts(store, RED));
      assertEquals(0, Ledger.value(store, RED));
    }
  }

  @Test
  default void aUnitSeesWhatItHasAdded() {
    try (var store = open()) {
      var seen =
          store.write(
              RED,
              tx -> {
                Ledger.add(tx, RED, 1, "one");
                Ledger.add(tx, RED, 2, "two");
                var both = Ledger.texts(tx, RED);
                tx.run(
                    "DELETE FROM note WHERE resource_id = ? AND name = ? AND note_id = ?",
                    CONTOSO.value(),
                    "red",
                    1L);
                Ledger.add(tx, RED, 3, "three");
                return List.of(both, Ledger.texts(tx, RED));
              });
      assertEquals(List.of(List.of("one", "two"), List.of("two", "three")), seen);
    }
  }

  @Test
  default void runSaysHowManyRowsChanged() {
    var insert =
        "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, name) DO NOTHING";
    var update = "UPDATE note SET content = ? WHERE resource_id = ? AND name = ? AND note_id >= ?";
    var delete = "DELETE FROM note WHERE resource_id = ? AND name = ?";
    try (var store = open()) {
      var counts =
          store.write(
              RED,
              tx -> {
                Ledger.add(tx, RED, 1, "one");
                Ledger.add(tx, RED, 2, "two");
                Ledger.add(tx, RED, 3, "three");
                return List.of(
                    tx.run(insert, CONTOSO.value(), "red", 1),
                    tx.run(insert, CONTOSO.value(), "red", 2),
                    tx.run(update, "new", CONTOSO.value(), "red", 2),
                    tx.run(update, "new", CONTOSO.value(), "red", 9),
                    tx.run(delete, CONTOSO.value(), "red"),
                    tx.run(delete, CONTOSO.value(), "red"));
              });
      assertEquals(List.of(1, 0, 2, 0, 3, 0), counts);
      assertEquals(1, Ledger.value(store, RED));
    }
  }

  @Test
  default void aStatementWithAMissingValueFailsEvenAfterItRanWell() {
    try (var store = open()) {
      var insert = "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)";
      store.write(RED, tx -> tx.run(insert, CONTOSO.value(), "red", 1));
      assertThrows(
          RuntimeException.class,
          () -> store.write(RED, tx -> tx.run(insert, FABRIKAM.value(), "red")));
      assertEquals(0, Ledger.value(store, FOREIGN_RED));
    }
  }

  @Test
  default void aUnitThatRunsTwiceHasItsEffectOnce() {
    try (var store = open(StoreOptions.TWICE)) {
      var runs = new AtomicInteger();
      var counted =
          store.write(
              RED,
              tx -> {
                runs.incrementAndGet();
                Ledger.append(tx, RED, 1, "once");
                tx.publish(new IdentityEvent.Created("once"), Origin.service("test"));
                return Ledger.count(tx, RED);
              });
      assertTrue(runs.get() >= 2, () -> runs + " runs");
      assertEquals(1, counted);
      assertEquals(1, Ledger.value(store, RED));
      assertEquals(List.of(1L), Ledger.ids(store, RED));
      assertEquals(1, store.heads().values().stream().mapToLong(head -> head).sum());
    }
  }

  @Test
  default void aReadIsOneSnapshot() {
    try (var store = open()) {
      Ledger.count(store, RED);
      var inside = new AtomicLong();
      var seen =
          store.read(rows -> {
            var before = Ledger.value(rows, RED);
            inside.set(Ledger.count(store, RED));
            return List.of(before, Ledger.value(rows, RED));
          });
      assertEquals(List.of(1L, 1L), seen);
      assertEquals(2, inside.get());
      assertEquals(2, Ledger.value(store, RED));
    }
  }

  @Test
  default void aFailedReadLeavesTheReadersWhole() {
    try (var store =
        open(
            new StoreOptions(
                16,
                100,
                1,
                StoreOptions.DEFAULT.readWait(),
                false,
                StoreOptions.DEFAULT.clock()))) {
      Ledger.count(store, RED);
      var refusal = Refusal.of(404, "NotFound", "No.");
      for (var i = 0; i < 5; i++) {
        assertThrows(
            RuntimeException.class,
            () -> store.read(rows -> rows.all("SELECT nothing FROM nowhere", row -> row.text(1))));
        assertSame(
            refusal,
            assertThrows(
                Refusal.class,
                () ->
                    store.read(_ -> {
                      throw refusal;
                    })));
      }
      assertEquals(1, Ledger.value(store, RED));
    }
  }

  @Test
  default void theSameContentIsThereAfterAReopening() {
    List<JournalRow> before;
    try (var store = open()) {
      for (var i = 0; i < 10; i++) {
        var id = i;
        store.write(
            RED,
            tx -> {
              Ledger.append(tx, RED, 100, "note " + id);
              tx.publish(new IdentityEvent.Created("user " + id), Origin.service("test"));
              return Ledger.count(tx, RED);
            });
      }
      before = JournalContract.journal(store);
    }
    try (var store = reopen()) {
      assertEquals(10, before.size());
      assertEquals(before, JournalContract.journal(store));
      assertEquals(10, Ledger.value(store, RED));
      assertEquals(10, Ledger.texts(store, RED).size());
      assertEquals(110, (long) store.write(RED, tx -> Ledger.append(tx, RED, 100, "next")));
      store.write(
          RED,
          tx -> {
            tx.publish(new IdentityEvent.Created("next"), Origin.service("test"));
            return true;
          });
      assertEquals(11, JournalContract.journal(store).size());
      assertEquals(List.of(), store.check());
    }
  }
}
