package dev.parley.feature.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.bus.Signal;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.Migration;
import dev.parley.base.store.MovableClock;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreErasure;
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
import dev.parley.base.words.Scope;
import dev.parley.base.words.TestResources;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.identity.IdentityConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Identity and chat behind a real edge, on a store of the test's choice, with service time that the
 * test moves. Tests share it, each with resources of its own.
 */
final class ChatHouse implements AutoCloseable {
  private static final AtomicInteger RESOURCES = new AtomicInteger();

  final MovableClock clock = new MovableClock();
  final TestResources resources = new TestResources();
  final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  final ChatConfig config;
  final FileBlobs blobs;
  private final Function<List<Migration>, Store> opening;
  private Store store;
  private LocalBus bus;
  private DueJobRows dueJobs;
  private Identity identity;
  private ChatFeature chat;
  private HttpServer server;

  /** Opens the house; {@code opening} gives the same database each time. */
  ChatHouse(ChatConfig config, Path blobs, Function<List<Migration>, Store> opening) {
    this.config = config;
    this.blobs = new FileBlobs(blobs);
    this.opening = opening;
    open();
  }

  private void open() {
    var random = new SecureRandom();
    var migrations = new ArrayList<>(Identity.migrations());
    migrations.addAll(ChatFeature.migrations());
    store = opening.apply(migrations);
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    bus.onSignal("test", signals::add);
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
    chat =
        new ChatFeature(
            config,
            _ -> store,
            identity::exists,
            new RepeatRows(clock),
            dueJobs,
            bus,
            blobs,
            clock,
            random);
    var routes = new ArrayList<Route>(identity.routes());
    routes.addAll(chat.routes());
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
    chat.start();
    server.start();
  }

  /** Stops and starts again on the same data. */
  void restart() {
    close();
    open();
  }

  Store store() {
    return store;
  }

  /** Loses all of a tenant, as a reset does. */
  void erase(Resource resource) {
    chat.eraseAll(resource.id());
    identity.eraseAll(resource.id());
    new StoreErasure(_ -> store).eraseAll(resource.id());
    blobs.deleteAll(resource.id(), "");
  }

  ChatFeature chat() {
    return chat;
  }

  /** The front doors, for what needs more than one request at a time. */
  Chat messages() {
    return new Chat(config, _ -> store, bus, clock);
  }

  /** A tenant that no other test has. */
  Resource resource() {
    return resources.add("tenant-" + RESOURCES.incrementAndGet());
  }

  /** A user with a token of these scopes; {@code chat} when none is named. */
  Person person(Resource resource, Scope... scopes) {
    var words =
        scopes.length == 0 ? List.of("chat") : Arrays.stream(scopes).map(Scope::word).toList();
    var made = key(resource, "POST", "/identities", Map.of("createTokenWithScopes", words));
    assertEquals(201, made.status(), made::text);
    try {
      var json = made.json();
      return new Person(
          this, resource, json.at("/identity/id").asText(), json.at("/accessToken/token").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request that the resource's primary key signs. */
  RawReply key(Resource resource, String method, String path, Object body) {
    var request =
        new RawRequest(
            method,
            path + (path.contains("?") ? "" : "?api-version=2023-10-01"),
            host(resource),
            List.of("Content-Type: application/json"),
            Json.bytes(body));
    var secret = resources.key(resource.id(), KeySlot.PRIMARY).orElseThrow().secret();
    return ask(new Signer(secret).sign(request));
  }

  static String host(Resource resource) {
    return resource.endpoint().getHost();
  }

  /** The answer to one request on a connection of its own. */
  RawReply ask(RawRequest request) {
    try (var client = RawClient.plain(server.plainPort())) {
      return client.send(request.bytes()).reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int plainPort() {
    return server.plainPort();
  }

  /** Does what the moved clock made due, and waits until everybody has heard of it. */
  void runDue() {
    dueJobs.runDue();
    settle();
  }

  /** Waits until the durable hearers have heard all that was committed. */
  void settle() {
    for (var hearer : List.of(ThreadLists.HEARER, ChatErasure.HEARER)) {
      var end = System.nanoTime() + 20_000_000_000L;
      while (!bus.caughtUp(hearer)) {
        if (System.nanoTime() > end) {
          throw new AssertionError(hearer + " does not catch up");
        }
      }
    }
  }

  @Override
  public void close() {
    server.close();
    chat.close();
    identity.close();
    dueJobs.close();
    bus.close();
    store.close();
  }
}
