package dev.parley.bench;

import dev.parley.base.kit.Json;
import dev.parley.base.store.Migration;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Scope;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.manage.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Parley's edge and identity as they are, with chat's store replaced by a group-committed raw log: what a durable send costs when
 * storing costs next to nothing.
 */
public final class RawLogServer {
  private record Sent(String content, String senderDisplayName, String type) {}

  private record Id(String id) {}

  private record Made(Id chatThread) {}

  private final RawLog log;
  private final AtomicLong ids = new AtomicLong(System.currentTimeMillis());

  private RawLogServer(RawLog log) {
    this.log = log;
  }

  /** Arguments: those of {@code parley up}. */
  public static void main(String[] arguments) throws Exception {
    PeerServer.start(
        arguments,
        (data, _) -> {
          var migrations = new ArrayList<Migration>(Resources.migrations());
          migrations.addAll(Identity.migrations());
          return new SqliteStore(data.resolve("parley.db"), migrations, StoreOptions.DEFAULT);
        },
        (_, _, _) -> new RawLogServer(log(arguments)).routes());
    new CountDownLatch(1).await();
  }

  private static RawLog log(String[] arguments) {
    try {
      return new RawLog(Path.of(arguments[List.of(arguments).indexOf("--data") + 1], "raw.log"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<Route> routes() {
    return List.of(
        route("/chat/threads", this::create),
        route("/chat/threads/{chatThreadId}/messages", this::send));
  }

  private static Route route(String path, Handler handler) {
    return new Route(
        Method.POST,
        path,
        "Bench" + path,
        Set.of(Callers.USER),
        Set.of(Scope.CHAT),
        ApiVersions.of("2025-03-15"),
        "bench",
        "Bench",
        Idempotency.NONE,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response create(Request request) {
    return Response.json(201, new Made(new Id("19:" + ids.incrementAndGet() + "@thread.v2")));
  }

  private Response send(Request request) {
    var sent = request.json(Sent.class);
    var id = ids.incrementAndGet();
    var record = Json.text(Map.of("thread", request.path("chatThreadId"), "id", id, "sent", sent)) + "\n";
    try {
      log.append(record.getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.json(201, new Id(Long.toString(id)));
  }
}
