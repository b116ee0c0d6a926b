package dev.parley.feature.calling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.CallDetail;
import dev.parley.base.event.CallEvent;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.MovableClock;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.Store;
import dev.parley.base.wire.HttpServer;
import dev.parley.base.wire.RawClient;
import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.Signer;
import dev.parley.base.wire.TestCertificates;
import dev.parley.base.wire.WireConfig;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.TestResources;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.identity.IdentityConfig;
import dev.parley.feature.rooms.RoomsConfig;
import dev.parley.feature.rooms.RoomsFeature;
import dev.parley.media.Media;
import dev.parley.media.MediaConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Identity, rooms and calling behind a real edge, with service time that the test moves. */
final class CallingHouse implements AutoCloseable {
  final MovableClock clock = new MovableClock();
  final LinkedBlockingQueue<JournalRow> journal = new LinkedBlockingQueue<>();
  private final TestResources resources = new TestResources();
  private final Sealer sealer;
  private final Function<List<Migration>, Store> opening;
  private final Map<String, String> settings;
  final Resource resource;
  private final List<CallClient> clients = new ArrayList<>();
  private Store store;
  private LocalBus bus;
  private DueJobRows dueJobs;
  private Identity identity;
  private RoomsFeature rooms;
  private Media media;
  CallingFeature calling;
  private HttpServer server;

  CallingHouse(Map<String, String> settings, Function<List<Migration>, Store> opening) {
    this.settings = settings;
    this.opening = opening;
    var random = new SecureRandom();
    var key = Secret.random(random, 32).revealBase64();
    sealer = new Sealer(LocalMasterKeys.of(key, Path.of("unused"), random), random);
    resource = resources.add("contoso");
    open();
  }

  private void open() {
    var random = new SecureRandom();
    var migrations = new ArrayList<>(Identity.migrations());
    migrations.addAll(RoomsFeature.migrations());
    migrations.addAll(CallingFeature.migrations());
    store = opening.apply(migrations);
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    bus.live("test", journal::add);
    dueJobs = new DueJobRows(store, clock);
    identity =
        new Identity(
            IdentityConfig.of(new Settings(Map.of())),
            _ -> store,
            resources,
            clock,
            InstantSource.system(),
            random,
            _ -> {
              throw new AssertionError("Nobody asks an outside issuer here.");
            });
    rooms =
        new RoomsFeature(
            new RoomsConfig(350, Duration.ofDays(30)),
            _ -> store,
            new RepeatRows(clock),
            dueJobs,
            bus,
            clock,
            random);
    media =
        new Media(
            MediaConfig.of(new Settings(Map.of("media.address", "127.0.0.1")), true),
            InstantSource.system(),
            random,
            new SimpleMeterRegistry());
    calling =
        new CallingFeature(
            CallingConfig.of(new Settings(settings)),
            _ -> store,
            dueJobs,
            bus,
            identity.bearers(),
            rooms.rooms(),
            media,
            sealer,
            clock,
            InstantSource.system(),
            random);
    var routes = new ArrayList<Route>(identity.routes());
    routes.addAll(rooms.routes());
    routes.addAll(calling.routes());
    server =
        new HttpServer(
            WireConfig.of(new Settings(Map.of("https.port", "0", "http.port", "0")), true),
            TestCertificates.SHARED.material(),
            routes,
            resources,
            identity.bearers(),
            InstantSource.system(),
            Secret.random(random, 32),
            new SimpleMeterRegistry());
    bus.live("identity", identity::hear);
    identity.start();
    rooms.start();
    calling.start();
    server.start();
  }

  /** Stops and starts again on the same data. */
  void restart() {
    closeRooms();
    open();
  }

  void move(Duration span) {
    clock.move(resource.id(), span);
  }

  void runDue() {
    dueJobs.runDue();
  }

  /** A user's client with a token of one scope, connected. */
  CallClient client(String scope) {
    return another(fresh(scope)).connect();
  }

  CallClient client() {
    return client("voip");
  }

  /** A user's client that has not connected. */
  CallClient fresh(String scope) {
    var made = key("POST", "/identities", Map.of("createTokenWithScopes", List.of(scope)));
    return client(made.at("/identity/id").asText(), made.at("/accessToken/token").asText());
  }

  /** One more client of the same user. */
  CallClient another(CallClient one) {
    return client(one.user, one.token);
  }

  private CallClient client(String user, String token) {
    var client = new CallClient(server.plainPort(), resource.endpoint().getHost(), user, token);
    clients.add(client);
    return client;
  }

  /** A room with roles by user; its id. */
  String room(Map<String, String> roles) {
    var participants = Json.mapper().createObjectNode();
    roles.forEach((user, role) -> participants.putObject(user).put("role", role));
    return key("POST", "/rooms", Map.of("participants", participants)).path("id").asText();
  }

  /** A request signed with the access key; the answer's JSON. */
  JsonNode key(String method, String path, Object body) {
    var reply = reply(method, path, body);
    assertEquals(2, reply.status() / 100, reply::text);
    try {
      return reply.status() == 204 ? Json.mapper().createObjectNode() : reply.json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The status of a POST that is signed with the access key. */
  int status(String path, Object body) {
    return reply("POST", path, body).status();
  }

  private RawReply reply(String method, String path, Object body) {
    var version = path.startsWith("/rooms") ? "2025-03-13" : "2023-10-01";
    var patch = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    var query = path.startsWith("/parley") ? "" : "?api-version=" + version;
    var request =
        new RawRequest(
            method,
            path + query,
            resource.endpoint().getHost(),
            method.equals("GET") ? List.of() : List.of("Content-Type: " + patch),
            method.equals("GET") || method.equals("DELETE") ? new byte[0] : Json.bytes(body));
    var secret = resources.key(resource.id(), KeySlot.PRIMARY).orElseThrow().secret();
    try (var client = RawClient.plain(server.plainPort())) {
      return client.send(new Signer(secret).sign(request).bytes()).reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next event of calls, with its content. */
  CallDetail event(String callId) throws InterruptedException {
    while (true) {
      var row = journal.poll(20, TimeUnit.SECONDS);
      if (row == null) {
        throw new AssertionError("No event came.");
      }
      if (row.event() instanceof CallEvent event && event.callId().equals(callId)) {
        return (CallDetail) calling.details().of(row).orElseThrow();
      }
    }
  }

  /** The next usage of a call, in minutes. */
  long minutes(String callId) throws InterruptedException {
    while (true) {
      var row = journal.poll(20, TimeUnit.SECONDS);
      if (row == null) {
        throw new AssertionError("No usage came.");
      }
      if (row.event() instanceof UsageEvent.Recorded used && used.subject().equals(callId)) {
        assertEquals(CallLog.METER, used.meter());
        return used.quantity();
      }
    }
  }

  /** What is kept of a call, once its end is there too: clients hear of it a moment before. */
  JsonNode record(String callId) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      var record = key("GET", "/parley/calling/calls/" + callId, "");
      if (record.path("state").asText().equals("ended")) {
        return record;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("The call does not end: " + record);
      }
    }
  }

  private void closeRooms() {
    server.close();
    calling.close();
    media.close();
    rooms.close();
    identity.close();
    dueJobs.close();
    bus.close();
    store.close();
  }

  @Override
  public void close() {
    try {
      for (var client : clients) {
        client.close();
      }
    } finally {
      closeRooms();
    }
  }
}
