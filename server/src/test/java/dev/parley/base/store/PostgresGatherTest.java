package dev.parley.base.store;

import static dev.parley.base.store.Opening.BLUE;
import static dev.parley.base.store.Opening.CONTOSO;
import static dev.parley.base.store.Opening.RED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** Units whose statements go out together get the answers that each would get alone. */
@DisabledIfEnvironmentVariable(named = "PARLEY_WITHOUT_POSTGRES", matches = "1")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresGatherTest {
  private static final int UNITS = 48;
  private static final String PLACE = " WHERE resource_id = ? AND name = ?";
  private static final String ADD_NOTE =
      "INSERT INTO note (resource_id, name, note_id, content, body) VALUES (?, ?, ?, ?, ?)";

  private final PostgresStore store =
      PostgresStore.open(
          PostgresConfig.of(PostgresServer.shared().newDatabase()),
          Ledger.MIGRATIONS,
          StoreOptions.DEFAULT);
  private final AtomicInteger commits = new AtomicInteger();

  @AfterEach
  void close() {
    store.close();
  }

  private static PartitionKey place(int number) {
    return new PartitionKey(CONTOSO, "place:" + number);
  }

  /** Runs a unit per place, all behind one that waits, so that they share a commit or two. */
  private <T> List<T> together(BiFunction<Tx, Integer, T> work) throws Exception {
    store.onCommit(_ -> commits.incrementAndGet());
    commits.set(0);
    var answers = new ArrayList<T>();
    for (var future : start(work)) {
      answers.add(Crowd.answer(future));
    }
    assertTrue(commits.get() <= 3, () -> commits + " commits");
    return answers;
  }

  private <T> List<Future<T>> start(BiFunction<Tx, Integer, T> work) {
    var gate = new CountDownLatch(1);
    var inside = new CountDownLatch(1);
    var ready = new CountDownLatch(UNITS);
    var units = new ArrayList<Future<T>>();
    // Not closed: who waits for the answers must not be interrupted.
    @SuppressWarnings("resource")
    var crowd = new Crowd();
    crowd.start(() ->
        store.write(
            RED,
            _ -> {
              inside.countDown();
              Crowd.await(gate);
              return true;
            }));
    Crowd.await(inside);
    for (var i = 0; i < UNITS; i++) {
      var number = i;
      units.add(
          crowd.start(() -> {
            ready.countDown();
            return store.write(
                place(number),
                tx -> {
                  tx.publish(new IdentityEvent.Created("u" + number), Origin.service("test"));
                  return work.apply(tx, number);
                });
          }));
    }
    Crowd.await(ready);
    gate.countDown();
    return units;
  }

  /** As many notes as the number's last two bits say, numbered from 1. */
  private void notes() throws Exception {
    together((tx, number) -> {
      for (var id = 1; id <= number % 4; id++) {
        var text = id == 2 ? null : "note " + id + " of " + number;
        var body = id == 3 ? new byte[] {0, number.byteValue(), -1} : null;
        tx.add(ADD_NOTE, CONTOSO.value(), place(number).value(), id, text, body);
      }
      return true;
    });
  }

  @Test
  void addedRowsAreStoredAsTheyWere() throws Exception {
    notes();
    for (var number = 0; number < UNITS; number++) {
      var place = place(number);
      var expected = List.of("note 1 of " + number, "(null)", "note 3 of " + number);
      assertEquals(expected.subList(0, number % 4), Ledger.texts(store, place));
      if (number % 4 == 3) {
        var body =
            store.read(rows ->
                rows.one(
                    "SELECT body FROM note" + PLACE + " AND note_id = 3",
                    row -> row.bytes(1),
                    CONTOSO.value(),
                    place.value()));
        assertArrayEquals(new byte[] {0, (byte) number, -1}, body.orElseThrow());
      }
    }
    assertEquals(0, store.repeats());
  }

  @Test
  void everyUnitGetsTheRowsThatItAskedFor() throws Exception {
    notes();
    var answers =
        together((tx, number) -> {
          var where = new Object[] {CONTOSO.value(), place(number).value()};
          var all =
              tx.all(
                  "SELECT content, note_id FROM note" + PLACE + " ORDER BY note_id DESC LIMIT ?",
                  row -> row.textIf(1).orElse("-") + row.number(2),
                  CONTOSO.value(),
                  place(number).value(),
                  2);
          var most = tx.one("SELECT MAX(note_id) FROM note" + PLACE, row -> row.numberIf(1), where);
          var count = tx.one("SELECT COUNT(*) FROM note" + PLACE, row -> row.number(1), where);
          var first = tx.one("SELECT content FROM note" + PLACE, row -> row.textIf(1), where);
          var given =
              tx.one(
                  "SELECT COALESCE(?, 'nothing')",
                  row -> row.text(1),
                  number % 2 == 0 ? null : "n" + number);
          return List.of(all, most, count, first.isPresent(), given.orElseThrow());
        });
    for (var number = 0; number < UNITS; number++) {
      var last =
          switch (number % 4) {
            case 0 -> List.of();
            case 1 -> List.of("note 1 of " + number + 1);
            case 2 -> List.of("-2", "note 1 of " + number + 1);
            default -> List.of("note 3 of " + number + 3, "-2");
          };
      var count = (long) (number % 4);
      assertEquals(
          "%s, %s, %s, %s, %s"
              .formatted(
                  last,
                  java.util.Optional.of(
                      count == 0 ? java.util.Optional.empty() : java.util.Optional.of(count)),
                  java.util.Optional.of(count),
                  count > 0,
                  number % 2 == 0 ? "nothing" : "n" + number),
          answers.get(number).stream().map(Object::toString).reduce((a, b) -> a + ", " + b).get());
    }
    assertEquals(0, store.repeats());
  }

  @Test
  void everyUnitGetsItsOwnCounts() throws Exception {
    notes();
    var insert =
        "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, name) DO NOTHING";
    Unit<Integer> one = tx -> tx.run(insert, CONTOSO.value(), place(2).value(), 1);
    assertEquals(1, store.write(place(2), one));
    var counts =
        together((tx, number) -> {
          var place = place(number).value();
          return List.of(
              tx.run(insert, CONTOSO.value(), place, 1),
              tx.run("UPDATE note SET content = ?" + PLACE, "new", CONTOSO.value(), place),
              tx.run("DELETE FROM note" + PLACE + " AND note_id > ?", CONTOSO.value(), place, 1));
        });
    for (var number = 0; number < UNITS; number++) {
      var notes = number % 4;
      assertEquals(List.of(number == 2 ? 0 : 1, notes, Math.max(0, notes - 1)), counts.get(number));
    }
  }

  @Test
  void aChangeThatAnswersWithItsRowsIsStored() throws Exception {
    var update = "UPDATE counter SET value = value + 1" + PLACE + " RETURNING value";
    assertEquals(1, Ledger.count(store, RED));
    Unit<Long> next =
        tx -> tx.one(update, row -> row.number(1), CONTOSO.value(), "red").orElseThrow();
    assertEquals(2, store.write(RED, next));
    assertEquals(2, Ledger.value(store, RED));
    notes();
    var deleted =
        together((tx, number) ->
            tx.all(
                "DELETE FROM note" + PLACE + " AND note_id < ? RETURNING note_id",
                row -> row.number(1),
                CONTOSO.value(),
                place(number).value(),
                3));
    for (var number = 0; number < UNITS; number++) {
      assertEquals(Math.min(2, number % 4), deleted.get(number).size());
      assertEquals(number % 4 == 3 ? List.of(3L) : List.of(), Ledger.ids(store, place(number)));
    }
    assertThrows(
        Refusal.class,
        () ->
            store.write(
                RED,
                tx -> {
                  next.run(tx);
                  throw Refusal.of(409, "Conflict", "No.");
                }));
    assertEquals(2, Ledger.value(store, RED));
  }

  @Test
  void aRowThatIsAddedTwiceIsUpdated() throws Exception {
    var upsert =
        "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)"
            + " ON CONFLICT (resource_id, name) DO UPDATE SET value = excluded.value";
    together((tx, number) -> {
      for (var value = 1; value <= 1 + number % 3; value++) {
        tx.add(upsert, CONTOSO.value(), place(number).value(), value);
      }
      return true;
    });
    for (var number = 0; number < UNITS; number++) {
      assertEquals(1 + number % 3, Ledger.value(store, place(number)));
    }
    assertEquals(0, store.repeats());
  }

  @Test
  void aWrongValueFailsItsUnitAlone() throws Exception {
    var outcomes =
        start((tx, number) -> {
          var value =
              switch (number % 8) {
                case 3 -> "text for a number";
                case 5 -> 1.5;
                default -> number;
              };
          tx.run(
              "INSERT INTO counter (resource_id, name, value) VALUES (?, ?, ?)",
              CONTOSO.value(),
              place(number).value() + (number % 8 == 7 ? "\0" : ""),
              value);
          return true;
        });
    for (var number = 0; number < UNITS; number++) {
      var outcome = outcomes.get(number);
      if (number % 8 == 3 || number % 8 == 5 || number % 8 == 7) {
        assertThrows(Exception.class, () -> Crowd.answer(outcome));
      } else {
        assertTrue(Crowd.answer(outcome));
        assertEquals(number, Ledger.value(store, place(number)));
      }
    }
  }

  /** The alias hides the one of the gathered form, so PostgreSQL refuses that; units do not see. */
  @Test
  void aTextThatCannotBeGatheredRunsUnitByUnit() throws Exception {
    notes();
    var sql =
        "SELECT COUNT(*) FROM note AS gathered WHERE gathered.resource_id = ? AND gathered.name = ?";
    for (var round = 0; round < 2; round++) {
      var counts = new ArrayList<Long>();
      for (var future :
          start((tx, number) ->
              tx.one(sql, row -> row.number(1), CONTOSO.value(), place(number).value())
                  .orElseThrow())) {
        counts.add(Crowd.answer(future));
      }
      for (var number = 0; number < UNITS; number++) {
        assertEquals(number % 4, counts.get(number));
      }
      assertEquals(1, store.repeats());
    }
  }

  @Test
  void whatIsQuotedIsNoQuestionMark() throws Exception {
    notes();
    var sql =
        "SELECT content || ' ?' FROM note -- who?\n"
            + "WHERE resource_id = ? AND /* ? */ name = ? AND content <> '?' AND note_id = 1";
    var texts =
        together((tx, number) ->
            tx.one(sql, row -> row.text(1), CONTOSO.value(), place(number).value()).orElse(""));
    for (var number = 0; number < UNITS; number++) {
      assertEquals(number % 4 == 0 ? "" : "note 1 of " + number + " ?", texts.get(number));
    }
  }

  @Test
  void aUnitThatMakesLightOfAFailedStatementIsNotStored() {
    assertThrows(
        RuntimeException.class,
        () ->
            store.write(
                BLUE,
                tx -> {
                  Ledger.count(tx, BLUE);
                  assertThrows(
                      IllegalStateException.class, () -> tx.run("UPDATE nowhere SET value = 1"));
                  return true;
                }));
    assertEquals(0, Ledger.value(store, BLUE));
    assertEquals(1, Ledger.count(store, BLUE));
  }

  @Test
  void aUnitThatDoesNotComeBackIsLeftBehind() throws Exception {
    var gate = new CountDownLatch(1);
    var units =
        start((tx, number) -> {
          var counted = Ledger.count(tx, place(number));
          if (number == 7) {
            Crowd.await(gate);
          }
          return counted + Ledger.value(tx, place(number));
        });
    // The batch gives the slow one ten seconds; then the others are stored without it.
    for (var number = 0; number < UNITS; number++) {
      if (number != 7) {
        assertEquals(2, Crowd.answer(units.get(number)));
      }
    }
    gate.countDown();
    var thrown = assertThrows(Exception.class, () -> Crowd.answer(units.get(7)));
    assertTrue(thrown.getCause() instanceof StoreUnavailable, thrown::toString);
    assertEquals(0, Ledger.value(store, place(7)));
    assertEquals(1, Ledger.count(store, place(7)));
  }
}
