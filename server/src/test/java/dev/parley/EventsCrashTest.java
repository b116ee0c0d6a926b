package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.base.kit.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while it delivers to a webhook: every message arrives all the same. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsCrashTest {
  private static final int KILLS = 3;
  private static final int MESSAGES = 60;

  @TempDir private Path folder;
  private final Set<String> messages = ConcurrentHashMap.newKeySet();
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger events = new AtomicInteger();
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext("/", this::take);
    receiver.start();
  }

  @AfterEach
  void close() {
    receiver.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
    var type = exchange.getRequestHeaders().getFirst("aeg-event-type");
    var answer = new byte[0];
    if ("SubscriptionValidation".equals(type)) {
      var code = body.get(0).at("/data/validationCode").asText();
      answer = Json.bytes(java.util.Map.of("validationResponse", code));
    } else if ("Notification".equals(type)) {
      body.forEach(event -> {
        events.incrementAndGet();
        ids.add(event.path("id").asText());
        messages.add(event.at("/data/messageId").asText());
      });
    }
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Test
  void whatIsCommittedIsDeliveredAfterEveryKill() throws Exception {
    var seed = System.nanoTime();
    System.out.println("kills by the seed " + seed);
    var random = new Random(seed);
    var data = folder.resolve("data");
    var sent = new HashSet<String>();
    for (var round = 0; round < KILLS; round++) {
      var house = TestHouse.startProcess(data);
      try {
        if (round == 0) {
          subscribe(house);
        }
        sent.addAll(killWhileSending(house, 1 + random.nextInt(MESSAGES)));
      } finally {
        house.kill();
      }
    }
    try (var house = TestHouse.startProcess(data)) {
      var end = System.nanoTime() + 60_000_000_000L;
      while (!messages.containsAll(sent)) {
        var missing = new ArrayList<>(sent);
        missing.removeAll(messages);
        assertTrue(System.nanoTime() < end, () -> missing + " did not come; seed " + seed);
        Thread.onSpinWait();
      }
      // Whatever came twice came with the same id, so that a receiver can tell.
      assertEquals(messages.size(), ids.size(), "seed " + seed);
      var standing = house.signed("GET", "/parley/events/subscriptions", "");
      assertEquals("0", standing.text("/value/0/counts/dropped"), standing::body);
    }
    System.out.println(
        sent.size()
            + " messages, "
            + events
            + " deliveries, "
            + KILLS
            + " kills: "
            + (events.get() - ids.size())
            + " came twice");
  }

  /**
   * Sends until so many were acknowledged and some of them delivered; then the server is killed.
   */
  private List<String> killWhileSending(TestHouse house, int killAfter)
      throws InterruptedException {
    var acknowledged = java.util.Collections.synchronizedList(new ArrayList<String>());
    var ann = house.person();
    var thread = house.thread(ann);
    var before = events.get();
    var sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (var i = 0; i < MESSAGES; i++) {
                  acknowledged.add(house.send(ann, thread, "message " + i));
                }
              } catch (RuntimeException | AssertionError _) {
                // The server was killed; what it had not acknowledged it need not have.
              }
            });
    while (acknowledged.size() < killAfter || events.get() == before) {
      assertTrue(sender.isAlive() || acknowledged.size() >= killAfter, "the sender ended too soon");
      Thread.onSpinWait();
    }
    house.kill();
    sender.join();
    return List.copyOf(acknowledged);
  }

  private void subscribe(TestHouse house) {
    var path =
        "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Communication/communicationServices/%s/providers/Microsoft.EventGrid/eventSubscriptions/hook?api-version=2022-06-15"
            .formatted(
                house.environment("ACS_SUBSCRIPTION_ID"),
                house.environment("ACS_RESOURCE_GROUP"),
                house.environment("ACS_RESOURCE_NAME"));
    var made =
        house.call(
            "PUT",
            path,
            house.environment("ACS_ARM_TOKEN"),
            """
            {"properties":{"destination":{"endpointType":"WebHook","properties":{"endpointUrl":"http://127.0.0.1:%d/"}},
             "filter":{"includedEventTypes":["Microsoft.Communication.ChatMessageReceivedInThread"]}}}
            """
                .formatted(receiver.getAddress().getPort()));
    assertEquals(201, made.status(), made::body);
  }
}
