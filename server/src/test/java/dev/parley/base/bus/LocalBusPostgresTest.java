package dev.parley.base.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.words.Origin;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The bus on PostgreSQL, where several processes share what is committed. */
final class LocalBusPostgresTest implements BusContract {
  private final String database = PostgresServer.shared().newDatabase();

  @Override
  public Store open() {
    return PostgresStore.open(PostgresConfig.of(database), List.of(), StoreOptions.DEFAULT);
  }

  private static List<String> list() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  private static void commit(Store store, String name, int count) {
    for (var i = 0; i < count; i++) {
      var id = name + i;
      store.write(
          new PartitionKey(CONTOSO, "user:" + id),
          tx -> {
            tx.publish(new IdentityEvent.Created(id), Origin.service("test"));
            return true;
          });
    }
  }

  private static void until(BooleanSupplier condition) {
    var end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for too long");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void liveHearersHearWhatEveryProcessCommits() {
    try (var eastStore = open();
        var westStore = open();
        var east = new LocalBus(eastStore, QUICK, InstantSource.system());
        var west = new LocalBus(westStore, QUICK, InstantSource.system())) {
      var atEast = list();
      var atWest = list();
      east.live("live", row -> atEast.add(row.event().toString()));
      west.live("live", row -> atWest.add(row.event().toString()));
      commit(eastStore, "e", 40);
      commit(westStore, "w", 40);
      until(() -> atEast.size() >= 80 && atWest.size() >= 80);
      assertEquals(new HashSet<>(atEast), new HashSet<>(atWest));
      assertEquals(80, atEast.size());
      assertEquals(80, atWest.size());
    }
  }

  @Test
  void oneProcessAtATimeWorksForADurableHearer() {
    try (var eastStore = open();
        var westStore = open();
        var west = new LocalBus(westStore, QUICK, InstantSource.system())) {
      var atEast = list();
      var atWest = list();
      try (var east = new LocalBus(eastStore, QUICK, InstantSource.system())) {
        east.durable("work", row -> atEast.add(row.event().toString()));
        commit(westStore, "a", 20);
        assertTrue(east.caughtUp("work"));
        west.durable("work", row -> atWest.add(row.event().toString()));
        commit(eastStore, "b", 20);
        commit(westStore, "c", 20);
        until(() -> atEast.size() == 60);
        // Whoever does not work knows how far the other is.
        until(() -> west.caughtUp("work"));
        assertEquals(List.of(), atWest);
      }
      commit(westStore, "d", 20);
      until(() -> atWest.size() == 20);
      assertTrue(west.caughtUp("work"));
      assertTrue(atWest.stream().allMatch(one -> one.contains("d")));
    }
  }
}
