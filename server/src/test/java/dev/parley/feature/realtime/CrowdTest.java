package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.wire.CrowdTls;
import dev.parley.base.wire.RawSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many clients at once, of a server in a process of its own. {@code -Dparley.silent} and
 * {@code -Dparley.storm} say how many; with {@code -Dparley.storm.plain=true} the storm comes
 * without TLS.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdTest {
  private static final int SILENT = Integer.getInteger("parley.silent", 1_000);
  private static final int STORM = Integer.getInteger("parley.storm", 300);
  private static final boolean PLAIN = Boolean.getBoolean("parley.storm.plain");

  /** Clients of a storm that hear the message afterwards; a user has so many endpoints at most. */
  private static final int LISTENING_MAX = 90;

  @TempDir private Path folder;

  @Test
  void thousandsWhoNeverSpeakDisturbNobody() throws Exception {
    var sockets = new ArrayList<AutoCloseable>();
    try (var house =
        TestHouse.startProcess(folder.resolve("data"), Map.of("realtime.silence", "4s"))) {
      for (var i = 0; i < SILENT; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), house.port()));
      }
      var strangers = new ArrayList<RawSocket>();
      for (var i = 0; i < SILENT / 4; i++) {
        var stranger = RawSocket.open(house.port(), "/v4/c?epid=s" + i);
        strangers.add(stranger);
        sockets.add(stranger);
      }
      var ann = house.person();
      var thread = house.thread(ann);
      try (var client = TrouterClient.connected(house, ann)) {
        var sent = System.nanoTime();
        var id = house.send(ann, thread, "undisturbed");
        assertEquals(id, client.event().text("messageId"));
        System.out.printf(
            "%d silent sockets, %d silent WebSockets: a message took %.1f ms%n",
            SILENT, strangers.size(), (System.nanoTime() - sent) / 1e6);
      }
      for (var stranger : strangers) {
        assertEquals("1::", stranger.next().orElseThrow());
        assertTrue(stranger.next().isEmpty(), "cut for its silence");
      }
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void everybodyComesBackAfterARestart() throws Exception {
    var data = folder.resolve("data");
    List<TrouterClient> clients;
    Person ann;
    Person bob;
    String thread;
    try (var house = TestHouse.startProcess(data)) {
      ann = house.person();
      bob = house.person();
      thread = house.thread(ann, bob);
      // A few at a time: the crowd forms slowly, and comes back all at once.
      var few = new Semaphore(16);
      clients =
          all(
              IntStream.range(0, STORM).boxed().toList(),
              number -> {
                few.acquire();
                try {
                  var person = number < LISTENING_MAX ? ann : house.person();
                  var client = new TrouterClient(house, person, "e" + number);
                  client.comeBack(new Random(number));
                  return client;
                } finally {
                  few.release();
                }
              });
      assertListed(house, STORM);
      house.kill();
    }
    for (var client : clients) {
      client.close();
    }
    try (var house = TestHouse.startProcess(data)) {
      var seed = System.nanoTime();
      var attempts = new AtomicInteger();
      var tls = new CrowdTls(house.certificate());
      var server = house.cpuSeconds();
      var own = ownCpuSeconds();
      var begin = System.nanoTime();
      all(
          clients,
          client -> {
            var random = new Random(seed + client.epid.hashCode());
            client.moveTo(house);
            if (!PLAIN) {
              client.secure(tls);
            }
            attempts.addAndGet(client.comeBack(random));
            return client;
          });
      System.out.printf(
          "%d clients %s were back after %.1f s and %d attempts, seed %d; CPU: the server's %.1f s,"
              + " the clients' %.1f s%n",
          STORM,
          PLAIN ? "without TLS" : "with TLS",
          (System.nanoTime() - begin) / 1e9,
          attempts.get(),
          seed,
          house.cpuSeconds() - server,
          ownCpuSeconds() - own);
      assertListed(house, STORM);
      var id = house.send(bob, thread, "welcome back");
      for (var client : clients.subList(0, Math.min(STORM, LISTENING_MAX))) {
        assertEquals(id, client.event().text("messageId"));
      }
      for (var client : clients) {
        client.close();
      }
    }
  }

  private static double ownCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  private interface Action<T> {
    TrouterClient on(T one) throws Exception;
  }

  private static <T> List<TrouterClient> all(List<T> crowd, Action<T> action) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<TrouterClient>>();
      crowd.forEach(one -> tasks.add(() -> action.on(one)));
      var clients = new ArrayList<TrouterClient>();
      for (var done : threads.invokeAll(tasks)) {
        clients.add(done.get());
      }
      return clients;
    }
  }

  /** Every endpoint stands on exactly one page. */
  private static void assertListed(TestHouse house, int count) {
    var seen = new HashSet<String>();
    var after = "";
    do {
      var target = "/parley/realtime/endpoints?maxPageSize=97" + after;
      var page = TrouterClient.json(house.signed("GET", target, "").body());
      assertEquals(count, page.path("count").asInt());
      assertTrue(page.path("value").size() <= 97);
      for (var one : page.path("value")) {
        assertTrue(seen.add(one.path("userId").asText() + one.path("endpointId").asText()));
      }
      after = page.has("next") ? "&after=" + page.path("next").asText() : "";
    } while (!after.isEmpty());
    assertEquals(count, seen.size());
  }
}
