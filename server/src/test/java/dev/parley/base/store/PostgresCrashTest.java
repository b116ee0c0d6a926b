package dev.parley.base.store;

import static dev.parley.base.store.Opening.CONTOSO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.ChatEvent;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ThreadId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** A server that dies, or that ends its connections, loses nothing that was acknowledged. */
@DisabledIfEnvironmentVariable(named = "PARLEY_WITHOUT_POSTGRES", matches = "1")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresCrashTest {
  private static final int SENDERS = 32;
  private static final int THREADS = 8;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();

  @Test
  void whatWasAcknowledgedSurvivesAKilledServer() throws Exception {
    try (var server = PostgresServer.own()) {
      var config = PostgresConfig.of(server.newDatabase());
      try (var store = PostgresStore.open(config, Ledger.MIGRATIONS, StoreOptions.DEFAULT);
          var crowd = new Crowd()) {
        var senders = send(crowd, store);
        for (var round = 0; round < 3; round++) {
          awaitMore(500);
          server.kill();
          var before = unavailable.get();
          Crowd.until(() -> unavailable.get() > before);
          assertThrows(StoreUnavailable.class, store::heads);
          server.restart();
          awaitMore(500);
          assertEquals(PostgresJournal.SHARDS, store.heads().size());
        }
        end(senders);
        check(store);
      }
    }
    System.out.println("3 kills: " + this);
  }

  @Test
  void whatWasAcknowledgedSurvivesLostConnections() throws Exception {
    var server = PostgresServer.shared();
    var config = PostgresConfig.of(server.newDatabase());
    var database = config.place().substring(config.place().indexOf('/') + 1);
    try (var store = PostgresStore.open(config, Ledger.MIGRATIONS, StoreOptions.DEFAULT);
        var crowd = new Crowd()) {
      var senders = send(crowd, store);
      for (var round = 0; round < 30; round++) {
        awaitMore(50);
        server.execute(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + database
                + "'");
      }
      awaitMore(500);
      end(senders);
      check(store);
    }
    System.out.println("30 lost connections: " + this);
  }

  @Override
  public String toString() {
    return "%d acknowledged, none missing, %d turned away"
        .formatted(acknowledged.size(), unavailable.get());
  }

  private static PartitionKey thread(int number) {
    return new PartitionKey(CONTOSO, "thread:" + number % THREADS);
  }

  private List<Future<Boolean>> send(Crowd crowd, Store store) {
    var senders = new ArrayList<Future<Boolean>>();
    for (var i = 0; i < SENDERS; i++) {
      var thread = thread(i);
      senders.add(
          crowd.start(() -> {
            while (!stop.get()) {
              send(store, thread);
            }
            return true;
          }));
    }
    return senders;
  }

  private void send(Store store, PartitionKey thread) {
    try {
      var id =
          store.write(
              thread,
              tx -> {
                Ledger.count(tx, thread);
                var given = Ledger.append(tx, thread, 1, "note");
                tx.publish(
                    new ChatEvent.MessageReceived(
                        new ThreadId(thread.value()), 1, new MessageId(given)),
                    Origin.service("sender"));
                return given;
              });
      assertTrue(acknowledged.add(thread.value() + " " + id), "twice: " + id);
    } catch (StoreUnavailable _) {
      unavailable.incrementAndGet();
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitMore(int count) {
    var before = acknowledged.size();
    Crowd.until(() -> acknowledged.size() >= before + count);
  }

  private void end(List<Future<Boolean>> senders) throws Exception {
    stop.set(true);
    for (var sender : senders) {
      assertTrue(Crowd.answer(sender));
    }
  }

  private void check(Store store) {
    assertEquals(List.of(), store.check());
    JournalContract.assertWithoutHoles(store);
    var journal = JournalContract.journal(store);
    var stored = new HashSet<String>();
    for (var thread : IntStream.range(0, THREADS).mapToObj(PostgresCrashTest::thread).toList()) {
      var ids = Ledger.ids(store, thread);
      ids.forEach(id -> stored.add(thread.value() + " " + id));
      assertEquals(ids.size(), Ledger.value(store, thread));
      var journaled =
          journal.stream()
              .filter(row -> row.partition().equals(thread))
              .map(row -> ((ChatEvent.MessageReceived) row.event()).message().value())
              .toList();
      assertEquals(ids, journaled);
    }
    var missing = new HashSet<>(acknowledged);
    missing.removeAll(stored);
    assertEquals(Set.of(), missing);
  }
}
