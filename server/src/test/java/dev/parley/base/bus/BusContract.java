package dev.parley.base.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.Event;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Store;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ThreadId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the bus promises on every store: nothing committed is missed, and all is in order. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
interface BusContract {
  ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");
  BusConfig QUICK =
      new BusConfig(10_000, Duration.ofMillis(20), Duration.ofMillis(600), NatsConfig.NONE);

  /** Queues so short that most rows find them full. */
  BusConfig SHORT =
      new BusConfig(1, Duration.ofMillis(20), Duration.ofMillis(600), NatsConfig.NONE);

  /** The test's database; again the same one, as another process would open it. */
  Store open();

  /** A bus of this kind; further ones over the same database are those of other processes. */
  default Bus bus(Store store, BusConfig config) {
    return new LocalBus(store, config, InstantSource.system());
  }

  /** Commits that many events, spread over ten partitions; each tells its place in its own. */
  private static void commit(Store store, String writer, int count) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var partition = 0; partition < 10; partition++) {
        var key = new PartitionKey(CONTOSO, "user:" + writer + partition);
        threads.submit(() -> {
          for (var i = 0; i < count / 10; i++) {
            var id = key.value() + "/" + i;
            store.write(
                key,
                tx -> {
                  tx.publish(new IdentityEvent.Created(id), Origin.service("test"));
                  return true;
                });
          }
        });
      }
    }
  }

  private static String told(JournalRow row) {
    return ((IdentityEvent.Created) row.event()).userId();
  }

  static void until(BooleanSupplier condition) {
    var end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for too long");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Each of the rows once, and in order within its partition. */
  private static void assertInOrder(int count, List<String> heard) {
    assertEquals(count, heard.size());
    var next = new HashMap<String, Integer>();
    for (var one : heard) {
      var slash = one.indexOf('/');
      var partition = one.substring(0, slash);
      assertEquals(
          next.merge(partition, 1, Integer::sum) - 1, Integer.parseInt(one.substring(slash + 1)));
    }
  }

  private static List<String> list() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  @Test
  default void everybodyHearsEverythingInOrder() {
    try (var store = open();
        var bus = bus(store, QUICK)) {
      var live = list();
      var durable = list();
      bus.live("live", row -> live.add(told(row)));
      bus.durable("durable", row -> durable.add(told(row)));
      commit(store, "a", 200);
      assertTrue(bus.caughtUp("live"));
      assertTrue(bus.caughtUp("durable"));
      assertInOrder(200, live);
      assertInOrder(200, durable);
    }
  }

  /** Commits one event of another kind. */
  private static void commitOther(Store store, String id) {
    store.write(
        new PartitionKey(CONTOSO, "user:" + id),
        tx -> {
          tx.publish(new IdentityEvent.Deleted(id), Origin.service("test"));
          return true;
        });
  }

  @Test
  default void whoAsksForSomeKindsHearsNoOthersAndIsUpToDateAllTheSame() {
    try (var store = open()) {
      var durable = list();
      for (var run = 0; run < 3; run++) {
        // An odd run finds queues full, and reads the journal.
        try (var bus = bus(store, run == 1 ? SHORT : QUICK)) {
          var live = list();
          var kinds = List.<Class<? extends Event>>of(IdentityEvent.Created.class);
          bus.live("live", kinds, row -> live.add(told(row)));
          bus.durable("durable", kinds, row -> durable.add(told(row)));
          bus.durable("none", List.of(RoomEvent.class), _ -> durable.add("of no room"));
          for (var i = 0; i < 20; i++) {
            commitOther(store, "before" + run + i);
            commit(store, "r" + run + "x" + i + "p", 20);
            commitOther(store, "after" + run + i);
          }
          for (var name : List.of("live", "durable", "none")) {
            assertTrue(bus.caughtUp(name), name);
          }
          assertInOrder(400, live);
        }
      }
      // What was heard before a restart is not heard again, and nothing of other kinds ever is.
      assertInOrder(1_200, durable);
    }
  }

  @Test
  default void aFullQueueMeansReadingTheJournal() {
    try (var store = open();
        var bus = bus(store, SHORT)) {
      var live = list();
      var durable = list();
      var go = new CountDownLatch(1);
      bus.live("live", row -> slow(go, live, row));
      bus.durable("durable", row -> slow(go, durable, row));
      commit(store, "a", 300);
      go.countDown();
      until(() -> live.size() >= 300 && durable.size() >= 300);
      assertInOrder(300, live);
      assertInOrder(300, durable);
    }
  }

  private static void slow(CountDownLatch go, List<String> heard, JournalRow row) {
    try {
      assertTrue(go.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    heard.add(told(row));
  }

  @Test
  default void aLiveHearerBeginsNowAndADurableOneWhereItWas() {
    try (var store = open()) {
      var durable = list();
      try (var bus = bus(store, QUICK)) {
        bus.durable("durable", row -> durable.add(told(row)));
        commit(store, "a", 50);
        assertTrue(bus.caughtUp("durable"));
      }
      // Nobody listens now.
      commit(store, "b", 50);
    }
    try (var store = open();
        var bus = bus(store, QUICK)) {
      var live = list();
      var again = list();
      bus.live("live", row -> live.add(told(row)));
      bus.durable("durable", row -> again.add(told(row)));
      commit(store, "c", 50);
      until(() -> again.size() >= 100 && live.size() >= 50);
      assertInOrder(50, live);
      assertInOrder(100, again);
      assertTrue(live.stream().allMatch(one -> one.startsWith("user:c")));
      assertTrue(again.stream().noneMatch(one -> one.startsWith("user:a")));
    }
  }

  @Test
  default void aDurableHearerThatThrowsGetsTheRowAgainAndALiveOneDoesNot() {
    try (var store = open();
        var bus = bus(store, QUICK)) {
      var live = list();
      var durable = list();
      var throwing = new AtomicInteger(3);
      bus.live(
          "live",
          row -> {
            if (told(row).endsWith("3/1")) {
              throw new IllegalStateException("once and for all");
            }
            live.add(told(row));
          });
      bus.durable(
          "durable",
          row -> {
            if (told(row).endsWith("3/1") && throwing.getAndDecrement() > 0) {
              throw new IllegalStateException("not now");
            }
            durable.add(told(row));
          });
      commit(store, "a", 50);
      until(() -> durable.size() >= 50 && live.size() >= 49);
      assertInOrder(50, durable);
      assertEquals(49, live.size());
    }
  }

  @Test
  default void oneNameIsOneHearer() {
    try (var store = open();
        var bus = bus(store, QUICK)) {
      bus.live("one", _ -> {});
      assertThrows(IllegalArgumentException.class, () -> bus.live("one", _ -> {}));
      assertThrows(IllegalArgumentException.class, () -> bus.caughtUp("nobody"));
    }
  }

  @Test
  default void waitingForAHearerEnds() {
    try (var store = open();
        var bus = bus(store, QUICK)) {
      var go = new CountDownLatch(1);
      bus.live("stuck", row -> slow(go, list(), row));
      commit(store, "a", 10);
      var start = System.nanoTime();
      assertFalse(bus.caughtUp("stuck"));
      assertTrue(System.nanoTime() - start < 10_000_000_000L);
      go.countDown();
      assertTrue(bus.caughtUp("stuck"));
    }
  }

  @Test
  default void signalsThatFindAQueueFullAreDroppedAndCounted() {
    try (var store = open();
        var bus = bus(store, QUICK)) {
      var go = new CountDownLatch(1);
      var stuck = new AtomicInteger();
      var quick = new AtomicInteger();
      bus.onSignal(
          "stuck",
          _ -> {
            try {
              assertTrue(go.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException _) {
              return;
            }
            stuck.incrementAndGet();
            throw new IllegalStateException("a hearer's own fault");
          });
      bus.onSignal("quick", _ -> quick.incrementAndGet());
      for (var i = 0; i < 1_500; i++) {
        bus.signal(typing());
        var sent = i + 1;
        until(() -> quick.get() == sent);
      }
      assertTrue(bus.signalsDropped() >= 498, () -> "dropped " + bus.signalsDropped());
      go.countDown();
      until(() -> stuck.get() + bus.signalsDropped() == 1_500);
      assertEquals(Map.of(), nonZero(store));
    }
  }

  private static Map<Object, Long> nonZero(Store store) {
    var heads = new HashMap<Object, Long>(store.heads());
    heads.values().removeIf(position -> position == 0);
    return heads;
  }

  static Signal.Typing typing() {
    return new Signal.Typing(
        CONTOSO, new ThreadId("19:x@thread.v2"), "8:acs:x", "", Instant.EPOCH, 1, 1);
  }
}
