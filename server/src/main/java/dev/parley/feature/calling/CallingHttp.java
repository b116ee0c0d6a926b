package dev.parley.feature.calling;

import dev.parley.base.store.Stores;
import dev.parley.base.wire.Answer;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.Upgrade;
import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.Set;

/** The way in for clients, and the records of calls for whoever has the key. */
final class CallingHttp {
  private static final int PAGE = 100;

  private final Sessions sessions;
  private final Stores stores;
  private final CallStore rows = new CallStore();

  CallingHttp(Sessions sessions, Stores stores) {
    this.sessions = sessions;
    this.stores = stores;
  }

  List<Route> routes() {
    return List.of(
        // The first message proves the user, since browsers can set no headers here.
        route("/calling/v1/connect", "Calling_Connect", Set.of(Callers.ANONYMOUS), this::connect),
        route("/parley/calling/calls", "Parley_ListCalls", Set.of(Callers.KEY_HOLDER), this::list),
        route(
            "/parley/calling/calls/{callId}",
            "Parley_GetCall",
            Set.of(Callers.KEY_HOLDER),
            this::get));
  }

  private static Route route(String path, String operation, Set<Callers> callers, Handler handler) {
    return new Route(
        Method.GET,
        path,
        operation,
        callers,
        Set.of(),
        ApiVersions.NONE,
        "parley.calling",
        "CallSummary",
        Idempotency.NATURAL,
        0,
        handler);
  }

  private Answer connect(Request request) {
    var resource = request.resource();
    return new Upgrade(
        List.of(), CallingConfig.MESSAGE_BYTES_MAX, socket -> sessions.open(socket, resource));
  }

  private Response list(Request request) {
    var resource = request.resource().id();
    var before =
        request.queryTime("before").map(time -> time.toEpochMilli()).orElse(Long.MAX_VALUE);
    var json = Notices.object();
    var value = json.putArray("value");
    stores
        .of(resource)
        .read(all -> rows.calls(all, resource, before, PAGE))
        .forEach(call -> value.add(CallModels.call(call)));
    return Response.json(200, json);
  }

  private Response get(Request request) {
    var resource = request.resource().id();
    var callId = request.path("callId");
    return stores
        .of(resource)
        .read(all ->
            rows.call(all, resource, callId)
                .map(call ->
                    CallModels.whole(
                        call,
                        rows.participants(all, resource, callId),
                        rows.streams(all, resource, callId),
                        rows.surveys(all, resource, callId))))
        .map(json -> Response.json(200, json))
        .orElseThrow(() -> Refusal.of(404, "NotFound", "There is no such call."));
  }
}
