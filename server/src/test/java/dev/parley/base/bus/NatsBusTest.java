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
import dev.parley.base.words.ThreadId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bus of several processes on one PostgreSQL and one NATS. */
final class NatsBusTest implements BusContract {
  /** So long that only a hint can be the reason that something is heard. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static NatsServer nats;

  private final String database = PostgresServer.shared().newDatabase();

  @BeforeAll
  static void startNats() {
    nats = new NatsServer();
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @Override
  public Store open() {
    return PostgresStore.open(PostgresConfig.of(database), List.of(), StoreOptions.DEFAULT);
  }

  @Override
  public Bus bus(Store store, BusConfig config) {
    return connected(store, config.poll());
  }

  private NatsBus connected(Store store, Duration poll) {
    // Tests share the NATS and not the database, as houses may.
    var config = new NatsConfig(nats.url(), "test." + database.hashCode(), "", "");
    var bus =
        new NatsBus(
            store, new BusConfig(10_000, poll, QUICK.lease(), config), InstantSource.system());
    BusContract.until(bus::isConnected);
    return bus;
  }

  private static <T> List<T> list() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  private static List<String> hearing(Bus bus) {
    List<String> heard = list();
    bus.live("live", row -> heard.add(((IdentityEvent.Created) row.event()).userId()));
    return heard;
  }

  private static void created(Store store, String id) {
    store.write(
        new PartitionKey(CONTOSO, "user:" + id),
        tx -> {
          tx.publish(new IdentityEvent.Created(id), Origin.service("test"));
          return true;
        });
  }

  @Test
  void aHintIsEnoughForAnotherProcessToHearOfACommit() {
    try (var eastStore = open();
        var westStore = open();
        var east = connected(eastStore, NEVER);
        var west = connected(westStore, NEVER)) {
      var atEast = hearing(east);
      var atWest = hearing(west);
      for (var i = 0; i < 50; i++) {
        created(i % 2 == 0 ? eastStore : westStore, "u" + i);
        var count = i + 1;
        BusContract.until(() -> atEast.size() == count && atWest.size() == count);
      }
    }
  }

  private static boolean isTyping(Signal signal) {
    return signal.equals(BusContract.typing());
  }

  private static Signal greeting(String from) {
    var thread = new ThreadId("19:" + from + "@thread.v2");
    return new Signal.Typing(CONTOSO, thread, "8:acs:x", "", Instant.EPOCH, 1, 1);
  }

  @Test
  void aSignalReachesEverybodyOnce() {
    try (var eastStore = open();
        var westStore = open();
        var east = connected(eastStore, NEVER);
        var west = connected(westStore, NEVER)) {
      List<Signal> atEast = list();
      List<Signal> atWest = list();
      var greetings = new ConcurrentLinkedQueue<Signal>();
      east.onSignal("ear", signal -> (isTyping(signal) ? atEast : greetings).add(signal));
      west.onSignal("ear", signal -> (isTyping(signal) ? atWest : greetings).add(signal));
      // A subscription reaches NATS a moment after its connection. Each hears its own greetings in
      // any case, so more than it
      // sent means that the other has heard them as well.
      var sent = new AtomicInteger();
      BusContract.until(() -> {
        sent.incrementAndGet();
        east.signal(greeting("east"));
        west.signal(greeting("west"));
        return Collections.frequency(greetings, greeting("east")) > sent.get()
            && Collections.frequency(greetings, greeting("west")) > sent.get();
      });
      for (var i = 0; i < 20; i++) {
        (i % 2 == 0 ? east : west).signal(BusContract.typing());
      }
      BusContract.until(() -> atEast.size() >= 20 && atWest.size() >= 20);
      assertEquals(Collections.nCopies(20, BusContract.typing()), atEast);
      assertEquals(Collections.nCopies(20, BusContract.typing()), atWest);
    }
  }

  @Test
  void withoutNatsNothingIsLostAndWithItAgainSignalsGoOn() {
    try (var own = new NatsServer();
        var eastStore = open();
        var westStore = open()) {
      var config =
          new BusConfig(
              10_000, QUICK.poll(), QUICK.lease(), new NatsConfig(own.url(), "own", "", ""));
      own.kill();
      // Both start while NATS is away.
      try (var east = new NatsBus(eastStore, config, InstantSource.system());
          var west = new NatsBus(westStore, config, InstantSource.system())) {
        var atWest = hearing(west);
        List<Signal> signals = list();
        List<Signal> here = list();
        west.onSignal("ear", signals::add);
        east.onSignal("ear", here::add);
        for (var i = 0; i < 50; i++) {
          created(eastStore, "u" + i);
          east.signal(BusContract.typing());
        }
        BusContract.until(() -> atWest.size() == 50 && here.size() == 50);
        assertTrue(signals.isEmpty());
        own.start();
        BusContract.until(() -> east.isConnected() && west.isConnected());
        BusContract.until(() -> {
          east.signal(BusContract.typing());
          return !signals.isEmpty();
        });
        own.kill();
        for (var i = 50; i < 100; i++) {
          created(eastStore, "u" + i);
          east.signal(BusContract.typing());
        }
        BusContract.until(() -> atWest.size() == 100);
        own.start();
        var before = signals.size();
        BusContract.until(() -> {
          east.signal(BusContract.typing());
          return signals.size() > before;
        });
      }
    }
  }

  @Test
  void whatIsNoSignalIsDropped() {
    for (var text :
        List.of(
            "",
            "x",
            "[]",
            "{}",
            "{\"kind\":\"typing\"}",
            "{\"kind\":\"other\",\"resource\":\"r\",\"thread\":\"t\",\"user\":\"u\"}",
            "{\"kind\":\"typing\",\"resource\":\"r\",\"thread\":\"t\",\"user\":\""
                + "u".repeat(SignalText.BYTES_MAX)
                + "\"}")) {
      assertEquals(Optional.empty(), SignalText.read(text.getBytes(StandardCharsets.UTF_8)), text);
    }
    var typing = BusContract.typing();
    assertEquals(Optional.of(typing), SignalText.read(SignalText.write(typing)));
  }
}
