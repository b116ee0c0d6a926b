package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server process is killed under load again and again: what was answered 201 is listed
 * afterwards, nothing is there twice, and a tab that comes back each time is told of all of it.
 * {@code -Dparley.kills} says how often.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("parley.kills", 25);
  private static final int SENDERS = 4;

  @TempDir private Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  /** Texts that were answered 201, by message id. */
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  private final Set<String> delivered = ConcurrentHashMap.newKeySet();
  private int texts;

  @Test
  void whatWasAnsweredIsThereAfterEveryKill() throws Exception {
    var seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed + ", " + KILLS + " kills");
    var random = new Random(seed);
    Person ann;
    Person bob;
    String thread;
    TrouterClient tab;
    try (var house = TestHouse.startProcess(data())) {
      ann = house.person();
      bob = house.person();
      thread = house.thread(ann, bob);
      tab = TrouterClient.connected(house, bob);
      tab.cut();
    }
    for (var kill = 0; kill < KILLS; kill++) {
      try (var house = TestHouse.startProcess(data())) {
        check(house, ann, thread);
        load(house, ann, tab, thread, 1 + random.nextInt(60));
      }
    }
    try (var house = TestHouse.startProcess(data())) {
      check(house, ann, thread);
      tab.moveTo(house).connect();
      while (!delivered.containsAll(acknowledged.keySet())) {
        delivered.add(tab.event().text("messageId"));
      }
      tab.close();
    }
    System.out.printf(
        "%d messages answered, %d delivered%n", acknowledged.size(), delivered.size());
  }

  /** Sends and listens until the server is killed in the middle of it, after so many messages. */
  private void load(TestHouse house, Person ann, TrouterClient tab, String thread, int messages)
      throws Exception {
    var over = new AtomicBoolean();
    var workers = new ArrayList<Thread>();
    var listening = new CountDownLatch(1);
    workers.add(Thread.ofVirtual().start(() -> listen(house, tab, listening)));
    assertTrue(listening.await(60, TimeUnit.SECONDS));
    for (var i = 0; i < SENDERS; i++) {
      var from = texts;
      texts += 10_000;
      workers.add(Thread.ofVirtual().start(() -> send(house, ann, thread, from, over)));
    }
    var enough = acknowledged.size() + messages;
    Waiting.until(() -> acknowledged.size() >= enough);
    house.kill();
    over.set(true);
    for (var worker : workers) {
      worker.join();
    }
  }

  private void send(TestHouse house, Person ann, String thread, int from, AtomicBoolean over) {
    try {
      for (var i = from; !over.get(); i++) {
        acknowledged.put(house.send(ann, thread, "text " + i), "text " + i);
      }
    } catch (RuntimeException | AssertionError _) {
      // The server has gone; nothing is known about the last message.
    }
  }

  /** One tab over all lives of the server; what it missed comes after the next start. */
  private void listen(TestHouse house, TrouterClient tab, CountDownLatch listening) {
    try {
      tab.moveTo(house).connect();
      listening.countDown();
      while (true) {
        delivered.add(tab.event().text("messageId"));
      }
    } catch (IOException | RuntimeException | AssertionError _) {
      listening.countDown();
    }
  }

  /** Every acknowledged message is listed once, with its text; no text is listed twice. */
  private void check(TestHouse house, Person ann, String thread) {
    var listed = new HashMap<String, String>();
    var seen = new HashSet<String>();
    var next = thread + "/messages?maxPageSize=200&api-version=2025-03-15";
    while (!next.isEmpty()) {
      var answer = house.call("GET", next, ann.token(), "");
      assertEquals(200, answer.status(), answer.body());
      var page = TrouterClient.json(answer.body());
      for (var message : page.path("value")) {
        if (message.path("type").asText().equals("text")) {
          var text = message.at("/content/message").asText();
          assertTrue(seen.add(text), text + " is there twice");
          listed.put(message.path("id").asText(), text);
        }
      }
      var link = page.path("nextLink").asText("");
      next = link.isEmpty() ? "" : link.substring(link.indexOf("/chat/"));
    }
    for (var message : acknowledged.entrySet()) {
      assertEquals(message.getValue(), listed.get(message.getKey()), message.getKey());
    }
    for (var id : List.copyOf(delivered)) {
      assertTrue(id.isEmpty() || listed.containsKey(id), "delivered and lost: " + id);
    }
  }
}
