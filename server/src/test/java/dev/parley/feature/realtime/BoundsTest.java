package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What has an end: the memory for one client, and the life of a server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundsTest {
  @TempDir private Path folder;

  @Test
  void whoIsTooFarBehindIsToldOfTheLoss() throws Exception {
    try (var house =
        TestHouse.start(folder.resolve("data"), Map.of("realtime.waiting-events-max", "20"))) {
      var ann = house.person();
      var thread = house.thread(ann);
      var client = TrouterClient.connected(house, ann);
      client.cut();
      for (var i = 0; i < 25; i++) {
        house.send(ann, thread, "m" + i);
      }
      client.connect();
      assertTrue(client.next().startsWith("5:::{\"name\":\"trouter.message_loss\""));
      var id = house.send(ann, thread, "from here on");
      var event = client.event();
      while (!event.text("messageId").equals(id)) {
        // Those behind the loss come as well.
        event = client.event();
      }
      client.close();
    }
  }

  @Test
  void aRegeneratedKeyEndsWhatItOpened() throws Exception {
    try (var house = TestHouse.start(folder.resolve("data"), Map.of())) {
      var client = TrouterClient.connected(house, house.person());
      house.regenerateKey("Primary");
      assertEquals("0:::{\"reason\":\"unauthorized\"}", client.next());
      assertTrue(client.socket.next().isEmpty());
      client.close();
    }
  }

  @Test
  void aServerThatStopsMovesItsClientsFirst() throws Exception {
    var house = TestHouse.start(folder.resolve("data"), Map.of("realtime.drain-time", "3s"));
    var ann = house.person();
    var client = TrouterClient.connected(house, ann);
    var stop = Thread.ofPlatform().start(house::close);
    assertEquals(
        "5:::{\"name\":\"trouter.reconnect\",\"args\":[{\"target\":\"host\"}]}", client.next());
    client.socket.send("5:1+::{\"name\":\"ping\"}");
    assertEquals("6:::1+[\"pong\"]", client.next(), "it still serves");
    assertEquals("0:::{\"reason\":\"serviceunavailable\"}", client.next());
    assertTrue(client.socket.next().isEmpty());
    stop.join();
  }
}
