package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Migrations, and the copy that reads them. */
interface SchemaContract extends Opening {
  List<String> COLOURS = List.of("ALTER TABLE counter ADD COLUMN colour TEXT");

  /** A program that knows one step more. */
  private static List<Migration> newer(int readerMin, List<String> statements) {
    return List.of(Ledger.FIRST, new Migration("ledger", 2, readerMin, statements));
  }

  private static void copy(Store store, ResourceCopy copy) {
    store.write(
        FOREIGN_RED,
        tx -> {
          copy.copy(tx, CONTOSO, FABRIKAM);
          return true;
        });
  }

  private static Optional<String> colour(Store store, ResourceId resource) {
    return store
        .read(rows ->
            rows.one(
                "SELECT colour FROM counter WHERE resource_id = ? AND name = ?",
                row -> row.textIf(1),
                resource.value(),
                "red"))
        .flatMap(colour -> colour);
  }

  private static void paint(Store store, String colour) {
    store.write(
        RED,
        tx ->
            tx.run(
                "UPDATE counter SET colour = ? WHERE resource_id = ? AND name = ?",
                colour,
                CONTOSO.value(),
                "red"));
  }

  @Test
  default void aNewStepIsAppliedOnceToWhatIsThere() {
    try (var store = open()) {
      Ledger.count(store, RED);
    }
    try (var store = reopen(newer(2, COLOURS))) {
      assertEquals(Optional.empty(), colour(store, CONTOSO));
      paint(store, "crimson");
    }
    try (var store = reopen(newer(2, COLOURS))) {
      assertEquals(Optional.of("crimson"), colour(store, CONTOSO));
      assertEquals(2, Ledger.count(store, RED));
    }
  }

  @Test
  default void aRoomMayJoinLater() {
    var room =
        new Migration(
            "later",
            1,
            List.of(
                "CREATE TABLE later (resource_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (resource_id, id))"));
    try (var store = open()) {
      Ledger.count(store, RED);
    }
    try (var store = reopen(List.of(Ledger.FIRST, room))) {
      var insert = "INSERT INTO later (resource_id, id) VALUES (?, ?)";
      assertEquals(1, (int) store.write(RED, tx -> tx.run(insert, CONTOSO.value(), "red")));
      assertEquals(2, Ledger.count(store, RED));
    }
  }

  @Test
  default void aProgramTooOldForTheDataRefusesToStart() {
    open().close();
    reopen(newer(2, COLOURS)).close();
    var thrown = assertThrows(IllegalStateException.class, this::reopen);
    assertTrue(thrown.getMessage().contains("newer Parley"), thrown.getMessage());
    try (var store = reopen(newer(2, COLOURS))) {
      assertEquals(1, Ledger.count(store, RED));
    }
  }

  @Test
  default void anOlderProgramGoesOnWhereTheNewStepAllowsIt() {
    open().close();
    reopen(newer(1, COLOURS)).close();
    try (var store = reopen()) {
      assertEquals(1, Ledger.count(store, RED));
    }
    try (var store = reopen(newer(1, COLOURS))) {
      paint(store, "crimson");
      assertEquals(Optional.of("crimson"), colour(store, CONTOSO));
    }
  }

  @Test
  default void aStepThatFailsLeavesNothingBehind() {
    try (var store = open()) {
      Ledger.count(store, RED);
    }
    var broken = List.of(COLOURS.getFirst(), "CREATE TABLE counter (name TEXT NOT NULL)");
    assertThrows(RuntimeException.class, () -> reopen(newer(2, broken)));
    try (var store = reopen()) {
      assertEquals(2, Ledger.count(store, RED));
    }
    try (var store = reopen(newer(2, COLOURS))) {
      paint(store, "crimson");
      assertEquals(Optional.of("crimson"), colour(store, CONTOSO));
    }
  }

  @Test
  default void aCopyTakesEveryRowAndNamesTheTargetInIt() {
    var third = new PartitionKey(new ResourceId("third"), "red");
    open().close();
    var rooms = newer(2, COLOURS);
    try (var store = reopen(rooms)) {
      store.write(
          RED,
          tx -> {
            Ledger.count(tx, RED);
            Ledger.add(tx, RED, 1, "8:acs:" + CONTOSO + "_a and 8:acs:" + CONTOSO + "_b");
            Ledger.add(tx, RED, 2, null);
            tx.run(
                "UPDATE note SET body = ? WHERE resource_id = ? AND name = ? AND note_id = ?",
                new byte[] {1, 2},
                CONTOSO.value(),
                "red",
                2L);
            return true;
          });
      paint(store, "crimson");
      store.write(third, tx -> Ledger.append(tx, third, 3, "not mine"));
      copy(store, new ResourceCopy(rooms, Set.of()));
      assertEquals(1, Ledger.value(store, FOREIGN_RED));
      assertEquals(
          List.of("8:acs:" + FABRIKAM + "_a and 8:acs:" + FABRIKAM + "_b", "(null)"),
          Ledger.texts(store, FOREIGN_RED));
      assertEquals(Optional.of("crimson"), colour(store, FABRIKAM));
      assertArrayEquals(
          new byte[] {1, 2},
          store
              .read(rows ->
                  rows.one(
                      "SELECT body FROM note WHERE resource_id = ? AND name = ? AND note_id = ?",
                      row -> row.bytes(1),
                      FABRIKAM.value(),
                      "red",
                      2L))
              .orElseThrow());
      assertEquals(2, Ledger.ids(store, RED).size());
      assertEquals(1, Ledger.ids(store, third).size());
    }
  }

  @Test
  default void aCopyLeavesOutWhatItWasToldTo() {
    try (var store = open()) {
      store.write(
          RED,
          tx -> {
            Ledger.add(tx, RED, 1, "a note");
            return Ledger.count(tx, RED);
          });
      copy(store, new ResourceCopy(Ledger.MIGRATIONS, Set.of("note")));
      assertEquals(1, Ledger.value(store, FOREIGN_RED));
      assertEquals(List.of(), Ledger.ids(store, FOREIGN_RED));
    }
  }
}
