package dev.parley.base.wire;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Operations made for tests: each shows one thing that the edge promises. */
final class EdgeRoutes {
  /** What {@code /json} reads. */
  record Thing(@Nullable String name, @Nullable Integer size) {}

  /** What the versioned operations know. */
  static final ApiVersions VERSIONS =
      ApiVersions.of("2021-01-01", "2022-02-02-preview", "2023-03-03");

  /** Largest message of {@code /socket}. */
  static final int SOCKET_BYTES_MAX = 70_000;

  /** Open until the sender of {@code flood} was told that its peer is gone. */
  final CountDownLatch floodEnded = new CountDownLatch(1);

  /** Happens between the check of a handshake and its WebSocket. */
  volatile Runnable beforeUpgrade = () -> {};

  /** Requests to {@code /held} that came in, by their names. */
  final LinkedBlockingQueue<String> held = new LinkedBlockingQueue<>();

  /** Lets the requests to {@code /held} go on. */
  final CountDownLatch release = new CountDownLatch(1);

  /** How many times {@code /echo} was answered. */
  final AtomicInteger echoes = new AtomicInteger();

  private final List<Route> routes = new ArrayList<>();

  List<Route> all() {
    open(Method.GET, "/echo/{id}", this::echo);
    open(Method.PUT, "/echo/{id}", this::echo);
    open(Method.POST, "/echo/{id}", this::echo);
    open(Method.GET, "/echo/{id}/:act", this::echo);
    open(Method.GET, "/echo/named/:act", _ -> Response.text(200, "literal"));
    open(Method.GET, "/chat/echo/{id}", this::echo);
    open(Method.GET, "/health/live", _ -> Response.text(200, "live\n"));
    open(Method.POST, "/held/{id}", this::hold);
    open(Method.GET, "/large", _ -> Response.bytes(200, "text/plain", new byte[4 << 20]));
    open(Method.DELETE, "/empty", _ -> Response.empty(204));
    add(
        Method.GET,
        "/socket",
        Set.of(Callers.USER),
        Set.of(Scope.CHAT),
        ApiVersions.NONE,
        Idempotency.NATURAL,
        _ -> {
          beforeUpgrade.run();
          return new Upgrade(List.of(), SOCKET_BYTES_MAX, this::echoing);
        });
    failing();
    shaped();
    guarded();
    return List.copyOf(routes);
  }

  /** Says every text again, and how many bytes there were; {@code flood} never ends. */
  private WebSocketHearer echoing(WebSocketSession session) {
    return new WebSocketHearer() {
      @Override
      public void text(String message) {
        if (message.equals("flood")) {
          while (session.send("x".repeat(10_000))) {
            Thread.onSpinWait();
          }
          floodEnded.countDown();
        } else {
          session.send(message);
        }
      }

      @Override
      public void binary(byte[] message) {
        session.send(message.length + " bytes");
      }

      @Override
      public void closed() {}
    };
  }

  private void failing() {
    open(
        Method.GET,
        "/fails",
        _ -> {
          throw new IllegalStateException("a private word");
        });
    open(
        Method.GET,
        "/overflows",
        _ -> {
          throw new StackOverflowError("a private word");
        });
    open(
        Method.GET,
        "/unavailable",
        _ -> {
          throw new StoreUnavailable("a private word", null);
        });
    open(
        Method.GET,
        "/refuses",
        _ -> {
          var detail = new Refusal.Detail("Inner", "What is wrong inside.", Optional.of("a.b"));
          throw Refusal.of(409, "Conflict", "What is wrong.")
              .about("a")
              .with(List.of(detail))
              .header("Retry-After", "7")
              .because("a private word");
        });
    open(
        Method.GET,
        "/broken-header",
        _ -> Response.text(200, "never sent").header("X-Broken", "one\r\nX-Two: two"));
  }

  private void shaped() {
    open(Method.POST, "/json", this::json);
    open(Method.PATCH, "/json", this::json);
    open(
        Method.GET,
        "/numbers",
        request ->
            Response.json(
                200,
                Map.of(
                    "n", request.queryInt("n", 1, 10).orElse(-1),
                    "t", request.queryTime("t").map(Instant::toString).orElse(""),
                    "q", request.query("q").orElse(""))));
    for (var kind : Idempotency.values()) {
      add(
          Method.POST,
          "/repeat/" + kind,
          Set.of(Callers.ANONYMOUS),
          Set.of(),
          ApiVersions.NONE,
          kind,
          request -> Response.text(200, request.repeatKey().map(key -> key.id()).orElse("no id")));
    }
    for (var path : List.of("/list/{id}", "/list/{id}/{more}", "/other/{id}")) {
      add(
          Method.GET,
          path,
          Set.of(Callers.ANONYMOUS),
          Set.of(),
          VERSIONS,
          Idempotency.NATURAL,
          EdgeRoutes::list);
    }
    add(
        Method.GET,
        "/versioned",
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        VERSIONS,
        Idempotency.NATURAL,
        request -> Response.text(200, request.apiVersion()));
  }

  private void guarded() {
    guarded(Method.GET, "/keys/{id}", Set.of(Callers.KEY_HOLDER), Set.of());
    guarded(Method.GET, "/keys/{id}/:act", Set.of(Callers.KEY_HOLDER), Set.of());
    guarded(Method.POST, "/keys/{id}", Set.of(Callers.KEY_HOLDER), Set.of());
    guarded(
        Method.GET, "/keys-or-principals", Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL), Set.of());
    guarded(Method.GET, "/users", Set.of(Callers.USER), Set.of(Scope.CHAT, Scope.CHAT_JOIN));
    guarded(Method.GET, "/both", Set.of(Callers.USER, Callers.KEY_HOLDER), Set.of(Scope.CHAT));
    guarded(Method.GET, "/parley/things", Set.of(Callers.KEY_HOLDER, Callers.OPERATOR), Set.of());
    guarded(Method.GET, "/parley/house", Set.of(Callers.OPERATOR), Set.of());
  }

  private void open(Method method, String path, Handler handler) {
    add(
        method,
        path,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        Idempotency.NONE,
        handler);
  }

  private void guarded(Method method, String path, Set<Callers> callers, Set<Scope> scopes) {
    add(
        method,
        path,
        callers,
        scopes,
        ApiVersions.NONE,
        Idempotency.NATURAL,
        request -> Response.text(200, request.resource().name() + " " + who(request.caller())));
  }

  private static String who(Caller caller) {
    return switch (caller) {
      case Caller.KeyHolder key -> "key " + key.slot();
      case Caller.User user -> "user " + user.id().rawId();
      case Caller.Principal principal -> "principal " + principal.id();
      case Caller.Anonymous _ -> "anybody";
    };
  }

  private void add(
      Method method,
      String path,
      Set<Callers> callers,
      Set<Scope> scopes,
      ApiVersions versions,
      Idempotency idempotency,
      Handler handler) {
    routes.add(
        new Route(
            method,
            path,
            "Test_" + method + path,
            callers,
            scopes,
            versions,
            "test",
            "TestOperational",
            idempotency,
            Route.JSON_BYTES_MAX,
            handler));
  }

  /** The id, the resource, and the body's size and hash. */
  private Response echo(Request request) {
    echoes.incrementAndGet();
    return Response.json(
        200,
        Map.of(
            "id", request.path("id"),
            "resource", request.resource().name(),
            "bytes", request.body().length,
            "hash", Signer.sha256(request.body())));
  }

  private Response hold(Request request) {
    held.add(request.path("id"));
    try {
      if (!release.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Nobody let the request go on.");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.text(200, request.path("id"));
  }

  private Response json(Request request) {
    var thing = request.json(Thing.class);
    return Response.json(200, thing);
  }

  private static Response list(Request request) {
    return Response.json(
        200,
        Map.of(
            "position", request.position("skip").orElse("start"),
            "nextLink", request.nextLink("skip", "at=7&é")));
  }
}
