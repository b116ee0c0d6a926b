package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ServerProcess.Person;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.wire.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that are killed while users send: every message answered 201 is there afterwards, once,
 * and no id is given twice.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerCrashTest {
  private static final int SENDERS = 8;
  private static final int KILLS = Integer.getInteger("parley.kills", 50);
  private static final int POSTGRES_KILLS = 5;

  @TempDir private Path folder;

  /** A round's thread with what was answered in it: id and words. */
  private record Round(String thread, Set<String> acknowledged) {}

  @Test
  void whatWasAnsweredIsThereAfterEveryKill() throws Exception {
    killed(KILLS);
  }

  @Test
  void whatWasAnsweredIsThereAfterEveryKillOnPostgres() throws Exception {
    killed(POSTGRES_KILLS, "postgres.url=" + PostgresServer.shared().newDatabase());
  }

  private void killed(int kills, String... settings) throws Exception {
    var seed = Long.getLong("parley.seed", System.nanoTime());
    System.out.println("ServerCrashTest: seed " + seed + " (-Dparley.seed=" + seed + ")");
    var random = new Random(seed);
    var data = folder.resolve("data");
    var people = new ArrayList<Person>();
    var rounds = new ArrayList<Round>();
    var start = System.nanoTime();
    for (var i = 0; i < kills; i++) {
      var server = ServerProcess.start(data, settings);
      try {
        if (people.isEmpty()) {
          for (var j = 0; j < SENDERS; j++) {
            people.add(server.home().person());
          }
        } else {
          check(people.getFirst().at(server), rounds.getLast());
        }
        rounds.add(round(server, people, 1 + random.nextInt(300)));
      } finally {
        server.kill();
      }
    }
    try (var server = ServerProcess.start(data, settings)) {
      for (var round : rounds) {
        check(people.getFirst().at(server), round);
      }
      assertEquals("The store is sound.\n", server.control("POST", "/parley/:check", "{}").text());
    }
    var acknowledged = rounds.stream().mapToInt(round -> round.acknowledged().size()).sum();
    System.out.printf(
        "%d kills, %d messages answered, none missing, %d s%n",
        kills, acknowledged, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  /** Everybody sends until the server is gone, which is after so many answers. */
  private static Round round(ServerProcess server, List<Person> people, int answers)
      throws Exception {
    var owner = people.getFirst().at(server);
    var others = people.subList(1, SENDERS).toArray(Person[]::new);
    var round = new Round(owner.thread(others), ConcurrentHashMap.newKeySet());
    var enough = new CountDownLatch(answers);
    var port = server.plainPort();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < SENDERS; i++) {
        var sender = people.get(i);
        var name = "sender-" + i;
        threads.submit(() -> send(port, sender, name, round, enough));
      }
      assertTrue(enough.await(60, TimeUnit.SECONDS), server::log);
      server.kill();
    }
    return round;
  }

  private static boolean send(
      int port, Person sender, String name, Round round, CountDownLatch enough) {
    try (var client = RawClient.plain(port)) {
      for (var i = 0; ; i++) {
        var words = name + "-" + i;
        var body = "{\"content\":\"" + words + "\"}";
        client.send(sender.request("POST", round.thread() + "/messages", body).bytes());
        var id = ServerProcess.json(201, client.reply()).path("id").asText();
        assertTrue(round.acknowledged().add(id + " " + words), id);
        enough.countDown();
      }
    } catch (IOException _) {
      // The server is gone; what it did not answer may be there or not.
      return true;
    }
  }

  private static void check(Person reader, Round round) {
    var stored = reader.written(round.thread());
    var ids = new HashSet<String>();
    var words = new HashSet<String>();
    for (var message : stored) {
      var parts = message.split(" ", 2);
      assertTrue(ids.add(parts[0]), "an id twice: " + message);
      assertTrue(words.add(parts[1]), "a message twice: " + message);
    }
    var missing = new HashSet<>(round.acknowledged());
    stored.forEach(missing::remove);
    assertEquals(Set.of(), missing);
    // Of what was not answered, at most the last of each sender is there.
    assertTrue(
        stored.size() - round.acknowledged().size() <= SENDERS,
        () -> Map.of("stored", stored.size(), "answered", round.acknowledged().size()).toString());
  }
}
