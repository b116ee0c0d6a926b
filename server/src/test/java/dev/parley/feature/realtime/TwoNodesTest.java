package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.bus.NatsServer;
import dev.parley.base.store.PostgresServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL, and one after the other. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoNodesTest {
  private static final int KILLS = 3;

  @TempDir private Path folder;

  @Test
  void whatOneServerTakesReachesTheClientsOfTheOther() throws Exception {
    var settings = settings();
    try (var one = TestHouse.start(folder.resolve("one"), settings)) {
      // The second knows the resource from the database; the key is the first one's.
      try (var two = TestHouse.startWith(one, folder.resolve("two"), settings)) {
        var ann = one.person();
        var bob = one.person();
        var thread = one.thread(ann, bob);
        try (var there = TrouterClient.connected(two, bob);
            var here = TrouterClient.connected(one, ann)) {
          for (var i = 0; i < 20; i++) {
            var id = (i % 2 == 0 ? one : two).send(ann, thread, "message " + i);
            assertEquals(id, message(here).text("messageId"));
            assertEquals(id, message(there).text("messageId"));
          }
        }
      }
    }
  }

  @Test
  void whoComesFromAServerThatIsGoneFindsWhatWasMissed() throws Exception {
    var settings = settings();
    try (var two = TestHouse.start(folder.resolve("two"), settings)) {
      var one = TestHouse.startWith(two, folder.resolve("one"), settings);
      var ann = two.person();
      var bob = two.person();
      var thread = two.thread(ann, bob);
      var client = TrouterClient.connected(one, bob);
      var first = two.send(ann, thread, "heard on the first");
      assertEquals(first, message(client).text("messageId"));
      // The mark of what was acknowledged follows within a second or two.
      Waiting.until(() -> System.nanoTime() - client.heardAt > 3_000_000_000L);
      one.close();
      var second = two.send(ann, thread, "while between two servers");
      var third = two.send(ann, thread, "and one more");
      client.moveTo(two).connect();
      assertEquals(second, message(client).text("messageId"));
      assertEquals(third, message(client).text("messageId"));
      var fourth = two.send(ann, thread, "live again");
      assertEquals(fourth, message(client).text("messageId"));
      client.close();
    }
  }

  @Test
  void whoWasOnAServerThatIsKilledWhileItDeliversHearsEverythingOnTheOther() throws Exception {
    var seed = System.nanoTime();
    System.out.println("TwoNodesTest seed " + seed);
    var random = new Random(seed);
    var settings = settings();
    try (var stays = TestHouse.startProcess(folder.resolve("stays"), settings)) {
      var ann = stays.person();
      var bob = stays.person();
      var thread = stays.thread(ann, bob);
      var client = new TrouterClient(stays, bob);
      var answered = ConcurrentHashMap.<Long>newKeySet();
      var heard = new LinkedHashSet<Long>();
      for (var kill = 0; kill < KILLS; kill++) {
        var enough = heard.size() + 1 + random.nextInt(60);
        var over = new AtomicBoolean();
        Thread sending;
        try (var dies = TestHouse.startProcess(folder.resolve("dies"), settings).knowing(stays)) {
          client.moveTo(dies).connect();
          sending =
              Thread.ofVirtual()
                  .start(() -> {
                    while (!over.get()) {
                      answered.add(Long.parseLong(stays.send(ann, thread, "under load")));
                    }
                  });
          while (heard.size() < enough) {
            heard.add(number(client));
          }
          dies.kill();
        }
        client.moveTo(stays).connect();
        over.set(true);
        sending.join();
        while (!heard.containsAll(answered)) {
          heard.add(number(client));
        }
        client.cut();
      }
      assertEquals(answered, heard, "what was answered, and nothing else");
      assertEquals(heard.stream().sorted().toList(), List.copyOf(heard), "in the thread's order");
    }
  }

  /** Messages are numbered in the order of their thread. */
  private static long number(TrouterClient client) throws Exception {
    return Long.parseLong(message(client).text("messageId"));
  }

  @Test
  void aRestartLosesNothing() throws Exception {
    var data = folder.resolve("data");
    var house = TestHouse.start(data, Map.of());
    var ann = house.person();
    var bob = house.person();
    var thread = house.thread(ann, bob);
    var client = TrouterClient.connected(house, bob);
    var first = house.send(ann, thread, "before");
    assertEquals(first, message(client).text("messageId"));
    Waiting.until(() -> System.nanoTime() - client.heardAt > 3_000_000_000L);
    house.close();
    try (var again = TestHouse.start(data, Map.of())) {
      var second = again.send(ann, thread, "after the restart, before the client");
      client.moveTo(again).connect();
      assertEquals(second, message(client).text("messageId"));
      client.close();
    }
  }

  @Test
  void overNatsTypingAndMessagesCrossBetweenProcesses() throws Exception {
    try (var nats = new NatsServer()) {
      var settings = new HashMap<>(settings());
      settings.put("bus.nats.url", nats.url());
      // Then only a hint can be the reason that a message crosses.
      settings.put("bus.poll", "1h");
      try (var one = TestHouse.startProcess(folder.resolve("one"), settings);
          var two = TestHouse.startProcess(folder.resolve("two"), settings).knowing(one)) {
        var ann = one.person();
        var bob = one.person();
        var thread = one.thread(ann, bob);
        try (var there = TrouterClient.connected(two, bob);
            var here = TrouterClient.connected(one, ann)) {
          // Both servers are on NATS when typing has crossed in both directions.
          typed(one, ann, thread, there);
          typed(two, bob, thread, here);
          for (var i = 0; i < 20; i++) {
            var id = (i % 2 == 0 ? one : two).send(ann, thread, "message " + i);
            assertEquals(id, message(here).text("messageId"));
            assertEquals(id, message(there).text("messageId"));
          }
        }
      }
    }
  }

  /** Types until the other one sees it, since signals may be lost. */
  private static void typed(TestHouse house, Person who, String thread, TrouterClient other)
      throws Exception {
    var seen = new AtomicBoolean();
    var typing =
        Thread.ofVirtual()
            .start(() -> {
              while (!seen.get()) {
                house.call("POST", thread + "/typing?api-version=2025-03-15", who.token(), "");
                LockSupport.parkNanos(100_000_000);
              }
            });
    try {
      var event = other.event();
      while (!event.name().equals("typingIndicatorReceived")
          || !event.text("senderId").equals(who.id())) {
        event = other.event();
      }
    } finally {
      seen.set(true);
      typing.join();
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        "postgres.url",
        PostgresServer.shared().newDatabase(),
        "master-key",
        Base64.getEncoder().encodeToString(new byte[32]));
  }

  private static TrouterClient.Event message(TrouterClient client) throws Exception {
    var event = client.event();
    while (!event.name().equals("chatMessageReceived")) {
      event = client.event();
    }
    return event;
  }
}
