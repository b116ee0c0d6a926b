package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.bus.NatsServer;
import dev.parley.base.store.PostgresServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL, and one after the other. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoNodesTest {
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
