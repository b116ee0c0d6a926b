package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.TestHouse;
import dev.parley.base.store.PostgresServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
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
