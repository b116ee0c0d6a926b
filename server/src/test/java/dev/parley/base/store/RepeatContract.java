package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.base.words.Refusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Repeatable requests on rows. */
interface RepeatContract extends Opening {
  RepeatKey FIRST = new RepeatKey(CONTOSO, "key:PRIMARY", "CreateThread", "id-1", "hash-1");

  /** What the effect gives: the counter's value when it ran. */
  record Counted(long value, String colour) {}

  private static Counted counted(
      Store store, Repeats repeats, PartitionKey partition, RepeatKey key) {
    return store.write(
        partition,
        tx ->
            repeats.once(
                tx,
                partition,
                key,
                Counted.class,
                () -> new Counted(Ledger.count(tx, partition), "é")));
  }

  @Test
  default void theSameRequestHasOneEffectAndOneAnswer() throws Exception {
    var repeats = new RepeatRows(new MovableClock());
    try (var store = open()) {
      var answers = Crowd.each(32, _ -> counted(store, repeats, RED, FIRST));
      assertEquals(List.of(new Counted(1, "é")), answers.stream().distinct().toList());
      assertEquals(1, Ledger.value(store, RED));
    }
    try (var store = reopen()) {
      assertEquals(new Counted(1, "é"), counted(store, repeats, RED, FIRST));
    }
  }

  @Test
  default void theSameIdWithAnotherBodyIsRefused() {
    var repeats = new RepeatRows(new MovableClock());
    var other = new RepeatKey(CONTOSO, "key:PRIMARY", "CreateThread", "id-1", "hash-2");
    try (var store = open()) {
      counted(store, repeats, RED, FIRST);
      var refusal = assertThrows(Refusal.class, () -> counted(store, repeats, RED, other));
      assertEquals(400, refusal.status());
      assertEquals(1, Ledger.value(store, RED));
      assertEquals(1, counted(store, repeats, RED, FIRST).value());
    }
  }

  @Test
  default void anAnswerIsForgottenAfterADayOfServiceTime() {
    var clock = new MovableClock();
    var repeats = new RepeatRows(clock);
    try (var store = open()) {
      counted(store, repeats, RED, FIRST);
      clock.move(FABRIKAM, Duration.ofDays(30));
      clock.move(CONTOSO, Duration.ofHours(24).minusMillis(1));
      assertEquals(1, counted(store, repeats, RED, FIRST).value());
      clock.move(CONTOSO, Duration.ofMillis(1));
      assertEquals(2, counted(store, repeats, RED, FIRST).value());
      assertEquals(2, counted(store, repeats, RED, FIRST).value());
    }
  }

  @Test
  default void forgottenAnswersLeaveNoRows() {
    var clock = new MovableClock();
    var repeats = new RepeatRows(clock);
    try (var store = open()) {
      for (var i = 0; i < 5; i++) {
        counted(store, repeats, RED, new RepeatKey(CONTOSO, "me", "Send", "id " + i, "hash"));
      }
      clock.move(CONTOSO, Duration.ofHours(25));
      counted(store, repeats, RED, FIRST);
      var rows =
          store.read(all ->
              all.all(
                  "SELECT request_id FROM repeat_answer WHERE resource_id = ? ORDER BY request_id",
                  row -> row.text(1),
                  CONTOSO.value()));
      assertEquals(List.of("id-1"), rows);
    }
  }

  @Test
  default void othersDoNotCollide() {
    var repeats = new RepeatRows(new MovableClock());
    var others =
        List.of(
            new RepeatKey(CONTOSO, "key:SECONDARY", "CreateThread", "id-1", "hash-1"),
            new RepeatKey(CONTOSO, "key:PRIMARY", "DeleteThread", "id-1", "hash-1"),
            new RepeatKey(CONTOSO, "key:PRIMARY", "CreateThread", "id-2", "hash-1"));
    try (var store = open()) {
      counted(store, repeats, RED, FIRST);
      for (var i = 0; i < others.size(); i++) {
        assertEquals(i + 2, counted(store, repeats, RED, others.get(i)).value());
        assertFalse(Arrays.equals(FIRST.derivedId(), others.get(i).derivedId()));
      }
      assertEquals(1, counted(store, repeats, BLUE, FIRST).value());
    }
  }

  @Test
  default void anotherResourceDoesNotSeeTheAnswer() {
    var repeats = new RepeatRows(new MovableClock());
    var foreign = new RepeatKey(FABRIKAM, "key:PRIMARY", "CreateThread", "id-1", "hash-9");
    try (var store = open()) {
      counted(store, repeats, RED, FIRST);
      counted(store, repeats, RED, new RepeatKey(CONTOSO, "me", "Send", "id-2", "hash"));
      // Its own effect and its own body: the answer of the first resource plays no part.
      assertEquals(1, counted(store, repeats, FOREIGN_RED, foreign).value());
      assertEquals(1, Ledger.value(store, FOREIGN_RED));
      assertEquals(2, Ledger.value(store, RED));
    }
  }

  @Test
  default void aFailedEffectIsNotRemembered() {
    var repeats = new RepeatRows(new MovableClock());
    try (var store = open()) {
      assertThrows(
          Refusal.class,
          () ->
              store.write(
                  RED,
                  tx ->
                      repeats.once(
                          tx,
                          RED,
                          FIRST,
                          Counted.class,
                          () -> {
                            throw Refusal.of(409, "Conflict", "No.");
                          })));
      assertEquals(1, counted(store, repeats, RED, FIRST).value());
    }
  }
}
