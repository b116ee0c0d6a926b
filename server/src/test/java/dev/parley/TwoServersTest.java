package dev.parley;

import static dev.parley.ServerProcess.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ServerProcess.Person;
import dev.parley.ServerProcess.Tenant;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL are one service: what happens at one holds at the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoServersTest {
  /** What ends at one server ends at the other in this time. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private static Path folder;
  private String database;
  private ServerProcess east;
  private ServerProcess west;

  @BeforeAll
  void start() throws IOException {
    database = PostgresServer.shared().newDatabase();
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var settings =
        new String[] {
          "postgres.url=" + database,
          "master-key=" + Base64.getEncoder().encodeToString(key),
          "blobs.folder=" + folder.resolve("blobs"),
          "resource.ports=false"
        };
    east = ServerProcess.start(folder.resolve("east"), settings);
    west = ServerProcess.start(folder.resolve("west"), settings);
  }

  @AfterAll
  void stop() {
    east.close();
    west.close();
  }

  private static void soon(String what, BooleanSupplier condition) {
    var start = System.nanoTime();
    ServerProcess.until(SOON, what, condition);
    System.out.printf(
        "%s was known at the other server after %d ms%n",
        what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  private static int status(Person person) {
    return person.ask("GET", "/chat/threads", "").status();
  }

  @Test
  void bothHaveTheSameResourceAndKeys() {
    var accessKey = east.connectionString().replaceAll(".*accesskey=", "");
    assertEquals(accessKey, west.connectionString().replaceAll(".*accesskey=", ""));
    var user = east.home().person();
    assertEquals(200, status(user));
    assertEquals(200, status(user.at(west)));
    var thread = user.thread();
    user.send(thread, "said at one");
    assertTrue(user.at(west).written(thread).getFirst().endsWith("said at one"));
    var listed = json(200, user.at(west).ask("GET", "/chat/threads", ""));
    assertEquals(thread, "/chat/threads/" + listed.at("/value/0/id").asText());
  }

  @Test
  void revocationHoldsAtTheOtherServer() {
    var user = east.home().person();
    assertEquals(200, status(user.at(west)));
    var path = "/identities/" + user.id() + "/:revokeAccessTokens";
    assertEquals(204, east.home().key("POST", path, "{}").status());
    assertEquals(401, status(user));
    soon("a revocation", () -> status(user.at(west)) == 401);
    var issue = "/identities/" + user.id() + "/:issueAccessToken";
    var next = json(200, west.home().key("POST", issue, "{\"scopes\":[\"chat\"]}"));
    var again = new Person(east.home(), user.id(), next.path("token").asText());
    assertEquals(200, status(again));
    assertEquals(200, status(again.at(west)));
  }

  @Test
  void deletionHoldsAtTheOtherServer() {
    var user = west.home().person();
    var friend = west.home().person();
    var thread = friend.thread(user);
    user.send(thread, "a secret");
    assertEquals(200, status(user.at(east)));
    assertEquals(204, west.home().key("DELETE", "/identities/" + user.id(), "").status());
    assertEquals(401, status(user));
    soon("a deletion", () -> status(user.at(east)) == 401);
    // The words go in the background, by whichever server does such work.
    ServerProcess.until(
        Duration.ofSeconds(20),
        "the erasure",
        () -> friend.at(east).written(thread).stream().noneMatch(one -> one.endsWith("secret")));
    assertEquals(404, east.home().key("GET", "/identities/" + user.id(), "").status());
  }

  @Test
  void aRegeneratedKeyEndsWhatWasMadeWithItAtTheOtherServer() {
    var created =
        east.control("POST", "/parley/resources", "{\"name\":\"rotated\"}").text().strip();
    var there = new Tenant(east, "rotated.communication.localhost", created);
    var user = there.person();
    soon("a new resource", () -> status(user.at(west)) == 200);
    var path = "/parley/resources/rotated/:regenerateKey";
    var fresh = east.control("POST", path, "{\"keyType\":\"Primary\"}").text().strip();
    assertEquals(401, status(user));
    assertEquals(401, there.key("POST", "/identities", "{}").status());
    soon(
        "a regenerated key",
        () ->
            status(user.at(west)) == 401
                && there.at(west).key("POST", "/identities", "{}").status() == 401);
    var rotated = new Tenant(west, there.host(), fresh);
    assertEquals(200, status(rotated.person()));
  }

  @Test
  void resourcesComeAndGoAtTheOtherServer() {
    var created =
        west.control("POST", "/parley/resources", "{\"name\":\"short-lived\"}").text().strip();
    var there = new Tenant(east, "short-lived.communication.localhost", created);
    soon("a new resource", () -> there.key("POST", "/identities", "{}").status() == 201);
    assertTrue(east.control("GET", "/parley/resources", "").text().contains("short-lived"));
    assertEquals(
        409, east.control("POST", "/parley/resources", "{\"name\":\"short-lived\"}").status());
    var user = there.person();
    assertEquals(204, west.control("DELETE", "/parley/resources/short-lived", "").status());
    soon("a deleted resource", () -> status(user) == 404);
    var again = east.control("POST", "/parley/resources", "{\"name\":\"short-lived\"}");
    assertEquals(201, again.status(), again::text);
    assertEquals(401, status(user));
  }

  @Test
  void aReaderByPositionMissesNothingThatBothCommit() throws Exception {
    var users = new ArrayList<Person>();
    for (var i = 0; i < 8; i++) {
      users.add(east.home().person());
    }
    var threads = new ArrayList<String>();
    for (var i = 0; i < 4; i++) {
      threads.add(users.get(i).thread(users.toArray(Person[]::new)));
    }
    var done = new AtomicBoolean();
    var heard = new ArrayList<String>();
    try (var store =
            PostgresStore.open(
                PostgresConfig.of(database), House.migrations(), StoreOptions.DEFAULT);
        var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var positions = new HashMap<>(store.heads());
      var reader =
          crowd.submit(() -> {
            while (!done.get()) {
              read(store, positions, heard);
            }
            read(store, positions, heard);
            return true;
          });
      var senders = new ArrayList<Callable<List<String>>>();
      for (var i = 0; i < users.size(); i++) {
        var user = users.get(i).at(i % 2 == 0 ? east : west);
        var name = i;
        senders.add(() -> {
          var sent = new ArrayList<String>();
          for (var j = 0; j < 50; j++) {
            var thread = threads.get((name + j) % threads.size());
            sent.add(thread + " " + user.send(thread, "m-" + name + "-" + j));
          }
          return sent;
        });
      }
      var sent = new HashSet<String>();
      for (var one : crowd.invokeAll(senders)) {
        for (var message : one.get()) {
          assertTrue(sent.add(message), "an id twice: " + message);
        }
      }
      done.set(true);
      assertTrue(reader.get());
      assertEquals(sent, Set.copyOf(heard));
      assertEquals(sent.size(), heard.size());
    }
    // In every thread the ids rise with the positions.
    var last = new HashMap<String, Long>();
    for (var message : heard) {
      var parts = message.split(" ", 2);
      var id = Long.parseLong(parts[1]);
      assertTrue(last.getOrDefault(parts[0], 0L) < id, message);
      last.put(parts[0], id);
    }
  }

  private static void read(Store store, Map<Shard, Long> positions, List<String> heard) {
    for (var shard : Set.copyOf(store.heads().keySet())) {
      for (var row : store.journal(shard, positions.getOrDefault(shard, 0L), 100)) {
        assertEquals(positions.getOrDefault(shard, 0L) + 1, row.position());
        positions.put(shard, row.position());
        if (row.event() instanceof ChatEvent.MessageReceived received) {
          heard.add("/chat/threads/" + received.thread().value() + " " + received.message());
        }
      }
    }
  }
}
