package dev.parley.feature.realtime;

import dev.parley.base.wire.Answer;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.Streaming;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Our own operations: the stream of events for servers, and who is connected now. */
final class ServerHttp {
  private static final int LISTED_MAX = 1_000;

  /** One endpoint; the last three are missing while it has no connection. */
  private record EndpointModel(
      String resourceId,
      String userId,
      String endpointId,
      String application,
      int waitingEvents,
      boolean connected,
      @Nullable Instant since,
      @Nullable String client,
      @Nullable String transport) {
    static EndpointModel of(Endpoint endpoint) {
      var link = endpoint.link();
      return new EndpointModel(
          endpoint.resource.value(),
          endpoint.userId,
          endpoint.epid,
          endpoint.application(),
          endpoint.waiting(),
          link != null,
          link == null ? null : link.since(),
          link == null ? null : link.client(),
          link == null ? null : link.transport().name());
    }
  }

  /**
   * A page of them.
   *
   * @param count of all pages
   * @param next for {@code ?after=}; missing on the last page
   */
  private record EndpointList(int count, List<EndpointModel> value, @Nullable String next) {}

  private final Realtime realtime;
  private final EventStreams streams;

  ServerHttp(Realtime realtime, EventStreams streams) {
    this.realtime = realtime;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(
        route(
            "/parley/realtime/events",
            "Parley_StreamEvents",
            Set.of(Callers.USER, Callers.KEY_HOLDER),
            Tokens.SCOPES,
            this::stream),
        route(
            "/parley/realtime/endpoints",
            "Parley_ListEndpoints",
            Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
            Set.of(),
            this::endpoints));
  }

  private static Route route(
      String path, String operation, Set<Callers> callers, Set<Scope> scopes, Handler handler) {
    return new Route(
        Method.GET,
        path,
        operation,
        callers,
        scopes,
        ApiVersions.NONE,
        "parley.realtime",
        "ChatOperational",
        Idempotency.NATURAL,
        0,
        handler);
  }

  private Answer stream(Request request) {
    // Browsers and libraries say it in the header; a first request can only say it in the query.
    var given = request.header("Last-Event-ID").or(() -> request.query("position"));
    var from =
        given.map(text ->
            StreamPosition.parse(text).orElseThrow(() -> RealtimeProblems.badPosition(text)));
    var userId =
        request.caller() instanceof Caller.User user
            ? Optional.of(user.id().rawId())
            : request.query("userId");
    var resource = request.resource().id();
    streams.checkRoom(resource);
    return new Streaming(
        "text/event-stream; charset=utf-8",
        session -> streams.open(session, resource, userId, from));
  }

  /** In the order of resource, user and name, so that a page begins where the one before ended. */
  private Response endpoints(Request request) {
    var userId = request.query("userId");
    var after = request.query("after").map(ServerHttp::place).orElse("");
    var size = request.queryInt("maxPageSize", 1, LISTED_MAX).orElse(LISTED_MAX);
    var page = new TreeMap<String, Endpoint>();
    var count = new int[1];
    realtime
        .endpoints()
        .each(endpoint -> {
          if (mayShow(request, endpoint) && userId.map(endpoint.userId::equals).orElse(true)) {
            count[0]++;
            var place =
                String.join("\n", endpoint.resource.value(), endpoint.userId, endpoint.epid);
            if (place.compareTo(after) > 0) {
              page.put(place, endpoint);
            }
            if (page.size() > size + 1) {
              page.pollLastEntry();
            }
          }
        });
    var more = page.size() > size;
    if (more) {
      page.pollLastEntry();
    }
    return Response.json(
        200,
        new EndpointList(
            count[0],
            page.values().stream().map(EndpointModel::of).toList(),
            more ? written(page.lastKey()) : null));
  }

  private static String written(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.UTF_8));
  }

  private static String place(String after) {
    try {
      return new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw RealtimeProblems.badPosition(after);
    }
  }

  /** On the operator's own listener there is no resource, and all of them are shown. */
  private static boolean mayShow(Request request, Endpoint endpoint) {
    var everything =
        request.caller() instanceof Caller.Principal principal
            && principal.operator()
            && request.resource().name().equals("house");
    return everything || endpoint.resource.equals(request.resource().id());
  }
}
