package dev.parley.base.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.Event;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What hearers may rely on. */
interface JournalContract extends Opening {
  /** Everything that was journaled, shard by shard, read in small pages. */
  static List<JournalRow> journal(Store store) {
    var all = new ArrayList<JournalRow>();
    for (var shard : store.heads().keySet().stream().mapToInt(Shard::number).sorted().toArray()) {
      var after = 0L;
      List<JournalRow> page;
      do {
        page = store.journal(new Shard(shard), after, 100);
        all.addAll(page);
        after = page.isEmpty() ? after : page.getLast().position();
      } while (!page.isEmpty());
    }
    return all;
  }

  /** Fails unless every shard has exactly the positions from 1 to its head, in order. */
  static void assertWithoutHoles(Store store) {
    var shards = journal(store).stream().collect(Collectors.groupingBy(JournalRow::shard));
    for (var head : store.heads().entrySet()) {
      var positions =
          shards.getOrDefault(head.getKey(), List.of()).stream().map(JournalRow::position).toList();
      assertEquals(LongStream.rangeClosed(1, head.getValue()).boxed().toList(), positions);
    }
  }

  @Test
  default void anEventIsJournaledAsItWasPublished() {
    var at = Instant.parse("2026-11-24T10:11:12.345Z");
    var thread = new ThreadId("19:acsV1_x@thread.v2");
    var events =
        List.<Event>of(
            new ResourceEvent.Created(),
            new ResourceEvent.KeyRegenerated(KeySlot.SECONDARY, 3),
            new IdentityEvent.TokensRevoked("8:acs:a_b", 7),
            new ChatEvent.MessageEdited(thread, 2, new MessageId(1_700_000_000_123L), 5, at),
            new ChatEvent.ParticipantsAdded(thread, 3, new MessageId(9), List.of("é", "\"")),
            new ChatEvent.ThreadDeleted(thread, 3, at, true));
    var origin = new Origin("8:acs:a_b", "PRIMARY", "request-1");
    try (var store = open()) {
      store.write(
          RED,
          tx -> {
            events.forEach(event -> tx.publish(event, origin));
            return true;
          });
      var rows = journal(store);
      assertEquals(events, rows.stream().map(JournalRow::event).toList());
      assertEquals(List.of(RED), rows.stream().map(JournalRow::partition).distinct().toList());
      assertEquals(List.of(origin), rows.stream().map(JournalRow::origin).distinct().toList());
      assertWithoutHoles(store);
    }
  }

  @Test
  default void positionsRiseWithCommitOrderAndHaveNoHoles() throws Exception {
    var seed = System.nanoTime();
    System.out.println("positionsRiseWithCommitOrderAndHaveNoHoles: seed " + seed);
    try (var store = open()) {
      var acknowledged =
          Crowd.each(64, number -> publishSome(store, new Random(seed + number))).stream()
              .mapToLong(count -> count)
              .sum();
      var rows = journal(store);
      assertEquals(acknowledged, rows.size());
      assertWithoutHoles(store);
      var shards = new HashMap<PartitionKey, Shard>();
      var last = new HashMap<PartitionKey, Long>();
      for (var row : rows) {
        assertEquals(row.shard(), shards.computeIfAbsent(row.partition(), _ -> row.shard()));
        var event = (ChatEvent.MessageReceived) row.event();
        var before = last.put(row.partition(), event.message().value());
        assertEquals(before == null ? 1 : before + 1, event.message().value());
      }
      assertEquals(List.of(), store.check());
    }
  }

  /** Units of a few partitions with none to three events each; every fifth is refused. */
  private static long publishSome(Store store, Random random) {
    var acknowledged = 0L;
    for (var i = 0; i < 15; i++) {
      var partition = new PartitionKey(CONTOSO, "thread:" + random.nextInt(6));
      var events = random.nextInt(4);
      var refused = random.nextInt(5) == 0;
      try {
        store.write(
            partition,
            tx -> {
              for (var j = 0; j < events; j++) {
                var message = new MessageId(Ledger.count(tx, partition));
                tx.publish(
                    new ChatEvent.MessageReceived(new ThreadId("t"), 1, message),
                    Origin.service("test"));
              }
              if (refused) {
                throw Refusal.of(400, "BadRequest", "No.");
              }
              return true;
            });
        acknowledged += events;
      } catch (Refusal _) {
        assertTrue(refused);
      }
    }
    return acknowledged;
  }

  @Test
  default void aPageOfTheJournalStartsAfterAPositionAndIsBounded() {
    try (var store = open()) {
      for (var i = 0; i < 10; i++) {
        var user = "user " + i;
        store.write(
            RED,
            tx -> {
              tx.publish(new IdentityEvent.Created(user), Origin.service("test"));
              return true;
            });
      }
      var shard = journal(store).getFirst().shard();
      assertEquals(10L, store.heads().get(shard));
      var page = store.journal(shard, 4, 3);
      assertEquals(List.of(5L, 6L, 7L), page.stream().map(JournalRow::position).toList());
      assertEquals(List.of(), store.journal(shard, 10, 3));
      assertEquals(List.of(), store.journal(new Shard(9_999), 0, 3));
    }
  }

  @Test
  default void theListenerGetsEveryRowInOrderAndAfterItsCommit() throws Exception {
    var heard = new LinkedBlockingQueue<JournalRow>();
    try (var store = open()) {
      store.onCommit(rows -> {
        for (var row : rows) {
          var stored = store.journal(row.shard(), row.position() - 1, 1);
          if (stored.equals(List.of(row))) {
            heard.add(row);
          }
        }
      });
      Crowd.each(
          32,
          number -> {
            var partition = new PartitionKey(CONTOSO, "thread:" + number % 8);
            for (var i = 0; i < 5; i++) {
              store.write(
                  partition,
                  tx -> {
                    tx.publish(new IdentityEvent.Created("u" + number), Origin.service("test"));
                    return true;
                  });
            }
            return true;
          });
      var positions = new HashMap<Shard, Long>();
      for (var i = 0; i < 160; i++) {
        var row = heard.poll(20, TimeUnit.SECONDS);
        assertNotNull(row, "only " + i + " rows were heard");
        assertEquals(positions.getOrDefault(row.shard(), 0L) + 1, row.position());
        positions.put(row.shard(), row.position());
      }
      assertEquals(160, journal(store).size());
    }
  }

  @Test
  default void aListenerThatFailsTakesNothingWithIt() {
    try (var store = open()) {
      store.onCommit(_ -> {
        throw new IllegalStateException("a hearer's mistake");
      });
      for (var i = 0; i < 3; i++) {
        store.write(
            RED,
            tx -> {
              tx.publish(new IdentityEvent.Created("u"), Origin.service("test"));
              return true;
            });
      }
      assertEquals(3, journal(store).size());
    }
  }

  @Test
  default void aHoleInTheJournalIsFound() {
    try (var store = open()) {
      for (var i = 0; i < 5; i++) {
        store.write(
            RED,
            tx -> {
              tx.publish(new IdentityEvent.Created("u"), Origin.service("test"));
              return true;
            });
      }
      assertEquals(List.of(), store.check());
      var shard = journal(store).getFirst().shard();
      store.write(
          RED,
          tx -> tx.run("DELETE FROM journal WHERE shard = ? AND position = ?", shard.number(), 3L));
      var found = store.check();
      assertEquals(1, found.size(), found::toString);
      assertTrue(
          found.getFirst().matches("(?i).*shard " + shard.number() + "\\b.*"), found::toString);
    }
  }

  @Test
  default void oldRowsAreForgottenUpToTheSlowestHearer() {
    var now = new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
    try (var store = open(StoreOptions.DEFAULT.with(now::get))) {
      for (var i = 0; i < 6; i++) {
        created(store, "u" + i);
        now.updateAndGet(time -> time.plusSeconds(60));
      }
      var shard = journal(store).getFirst().shard();
      var upkeep = new JournalUpkeep(store);
      var third = Instant.parse("2026-11-24T10:02:00Z");
      assertEquals(third, journal(store).get(2).at());
      assertEquals(0, upkeep.before(shard, Instant.parse("2026-11-24T10:00:00Z")));
      assertEquals(2, upkeep.before(shard, third));
      assertEquals(6, upkeep.before(shard, Instant.parse("2030-01-01T00:00:00Z")));
      assertEquals(1, upkeep.forget(shard, now.get(), 1));
      heard(store, shard, 3);
      assertEquals(2, upkeep.forget(shard, now.get(), Long.MAX_VALUE));
      assertEquals(0, upkeep.forget(shard, now.get(), Long.MAX_VALUE));
      heard(store, shard, 6);
      assertEquals(2, upkeep.forget(shard, now.get(), Long.MAX_VALUE));
      assertEquals(List.of(6L), journal(store).stream().map(JournalRow::position).toList());
      assertEquals(List.of(), store.check());
      created(store, "after");
      assertEquals(7, store.heads().get(shard));
    }
    try (var store = reopen()) {
      created(store, "later");
      assertEquals(8L, journal(store).getLast().position());
      assertEquals(List.of(), store.check());
    }
  }

  private static void created(Store store, String user) {
    store.write(
        RED,
        tx -> {
          tx.publish(new IdentityEvent.Created(user), Origin.service("test"));
          return true;
        });
  }

  private static void heard(Store store, Shard shard, long position) {
    store.write(
        RED,
        tx ->
            tx.run(
                "INSERT INTO hearer_position (resource_id, hearer, shard, position)"
                    + " VALUES (?, ?, ?, ?) ON CONFLICT (resource_id, hearer, shard)"
                    + " DO UPDATE SET position = excluded.position",
                "house",
                "slow",
                (long) shard.number(),
                position));
  }
}
