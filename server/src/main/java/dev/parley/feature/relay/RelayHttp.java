package dev.parley.feature.relay;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.OperatorRoutes;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes of network traversal. Route types came with 2021-10-08-preview, the life time with
 * 2022-03-01-preview; clients of earlier versions are shown and asked neither.
 */
final class RelayHttp {
  private static final String ROUTE_TYPE = "2021-10-08-preview";
  private static final String TTL = "2022-03-01-preview";
  private static final ApiVersions VERSIONS =
      ApiVersions.of("2021-06-21-preview", ROUTE_TYPE, "2022-02-01", TTL);

  private static final Set<Scope> CALLING = Set.of(Scope.VOIP, Scope.VOIP_JOIN);

  /** {@code CommunicationRelayConfigurationRequest}. */
  record IssueRequest(@Nullable String id, @Nullable String routeType, @Nullable Integer ttl) {}

  /** {@code CommunicationIceServer}. */
  record IceServerModel(
      List<String> urls, String username, String credential, @Nullable String routeType) {}

  /** {@code CommunicationRelayConfiguration}. */
  record ConfigurationModel(Instant expiresOn, List<IceServerModel> iceServers) {}

  private final Relay relay;

  RelayHttp(Relay relay) {
    this.relay = relay;
  }

  List<Route> routes() {
    return List.of(
        route("/networkTraversal/:issueRelayConfiguration"),
        // The spelling of the versions before the newest.
        route("/networktraversal/:issueRelayConfiguration"),
        OperatorRoutes.route(
            Method.GET,
            "/parley/relay/turn-config",
            "Parley_TurnConfig",
            "parley.relay",
            _ -> Response.text(200, relay.turnConfig())));
  }

  private Route route(String path) {
    return new Route(
        Method.POST,
        path,
        "CommunicationNetworkTraversal_IssueRelayConfiguration",
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL, Callers.USER),
        CALLING,
        VERSIONS,
        "networkTraversal.issueRelayConfiguration",
        "NetworkTraversalOperational",
        Idempotency.NONE,
        Route.JSON_BYTES_MAX,
        this::issue);
  }

  private Response issue(Request request) {
    var body = request.json(IssueRequest.class);
    var hasTypes = since(request, ROUTE_TYPE);
    var type =
        Optional.ofNullable(hasTypes ? body.routeType() : null)
            .map(word -> RouteType.of(word).orElseThrow(RelayProblems::badRouteType));
    var ttl =
        Optional.ofNullable(since(request, TTL) ? body.ttl() : null)
            .map(Duration::ofSeconds)
            .orElse(Relay.TTL_MAX);
    if (ttl.isNegative()) {
      throw RelayProblems.badTtl();
    }
    var wanted = hasTypes ? type : Optional.of(RouteType.ANY);
    var issued = relay.issue(request.resource().id(), whose(request, body), wanted, ttl);
    var servers =
        issued.iceServers().stream()
            .map(server ->
                new IceServerModel(
                    server.urls(),
                    server.username(),
                    server.credential(),
                    hasTypes ? server.routeType().word() : null))
            .toList();
    return Response.json(200, new ConfigurationModel(issued.expiresOn(), servers))
        .header("Cache-Control", "no-store");
  }

  /**
   * Users get credentials for themselves only; their calling clients ask with the token that they
   * call with.
   */
  private static Optional<String> whose(Request request, IssueRequest body) {
    return request.caller() instanceof Caller.User user
        ? Optional.of(user.id().rawId())
        : Optional.ofNullable(body.id());
  }

  /** Versions are dates, so their order is that of their text. */
  private static boolean since(Request request, String first) {
    return request.apiVersion().compareTo(first) >= 0;
  }
}
