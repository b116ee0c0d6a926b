package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.base.kit.Json;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a chat client goes through to get connected. All but the first prove their
 * caller by {@code X-Skypetoken}, so the edge lets anybody in.
 */
final class RealtimeHttp {
  /** What a client may send in one frame, bytes; the largest is the authentication with a token. */
  static final int MESSAGE_BYTES_MAX = 32 << 10;

  static final int EPID_CHARACTERS_MAX = 128;
  private static final int CLIENT_CHARACTERS_MAX = 100;
  private static final int POLL_BYTES_MAX = 256 << 10;
  private static final ApiVersions VERSIONS = ApiVersions.of("2024-09-01");

  /** What the SDK asks first; all three must be there. */
  private record Services(String trouterServiceUrl, String registrarServiceUrl, String cloudType) {}

  private record Registration(
      @Nullable String registrationId, @Nullable ClientDescription clientDescription) {}

  private record ClientDescription(@Nullable String appId) {}

  private final Connecting connecting;
  private final DirectConnecting direct;
  private final Realtime realtime;
  private final Tokens tokens;
  private final Polls polls;

  RealtimeHttp(
      Connecting connecting,
      DirectConnecting direct,
      Polls polls,
      Realtime realtime,
      Tokens tokens) {
    this.connecting = connecting;
    this.direct = direct;
    this.realtime = realtime;
    this.tokens = tokens;
    this.polls = polls;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            Method.GET,
            "/chat/config/realTimeNotifications",
            "ChatRealTimeNotifications_GetConfiguration",
            Set.of(Callers.USER),
            Tokens.SCOPES,
            VERSIONS,
            "chat.getRealTimeNotificationsConfiguration",
            "ChatOperational",
            Idempotency.NATURAL,
            0,
            this::services),
        route(Method.GET, "/", "Trouter_Probe", 0, _ -> Response.text(200, "Trouter")),
        route(Method.POST, "/v4/a", "Trouter_Allocate", MESSAGE_BYTES_MAX, this::allocate),
        route(Method.GET, "/socket.io/1/", "Trouter_Handshake", 0, this::handshake),
        route(Method.GET, "/socket.io/1/websocket/{sid}", "Trouter_Connect", 0, this::connect),
        route(Method.GET, "/socket.io/1/xhr-polling/{sid}", "Trouter_Poll", 0, this::poll),
        route(
            Method.POST,
            "/socket.io/1/xhr-polling/{sid}",
            "Trouter_Post",
            POLL_BYTES_MAX,
            this::post),
        route(Method.GET, "/v4/c", "Trouter_ConnectDirectly", 0, this::connectDirectly),
        route(Method.GET, "/v3/c", "Trouter_ConnectDirectly3", 0, this::connectDirectly),
        route(
            Method.POST,
            "/registrar/prod/v3/registrations",
            "Registrar_Register",
            MESSAGE_BYTES_MAX,
            this::register),
        route(
            Method.DELETE,
            "/registrar/prod/v3/registrations/{registrationId}",
            "Registrar_Unregister",
            MESSAGE_BYTES_MAX,
            this::unregister));
  }

  private static Route route(
      Method method, String path, String operation, int bodyBytesMax, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "chat.realTime",
        "ChatOperational",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        bodyBytesMax,
        handler);
  }

  private Response services(Request request) {
    var endpoint = request.resource().endpoint().toString();
    return Response.json(200, new Services(endpoint, endpoint + "/registrar/prod", "Public"));
  }

  private Response allocate(Request request) {
    var proven = tokens.prove(request);
    return Response.json(
        200,
        connecting.allocate(request.resource(), proven, epid(request), ConnectParams.of(request)));
  }

  private Response handshake(Request request) {
    var proven = tokens.prove(request);
    var sid =
        connecting.handshake(proven, epid(request), ConnectParams.of(request), client(request));
    return Response.text(200, sid + ":70:70:websocket,xhr-polling");
  }

  private Answer connect(Request request) {
    var sid = request.path("sid");
    connecting.checkSession(sid, epid(request), ConnectParams.of(request));
    return new Upgrade(List.of(), MESSAGE_BYTES_MAX, session -> connecting.open(sid, session));
  }

  private Answer connectDirectly(Request request) {
    connecting.checkOpen();
    var resource = request.resource();
    var epid = epid(request);
    var client = client(request);
    return new Upgrade(
        List.of(), MESSAGE_BYTES_MAX, session -> direct.open(session, resource, epid, client));
  }

  private Response poll(Request request) {
    var proven = tokens.prove(request);
    var sid = request.path("sid");
    if (request.query("disconnect").isPresent()) {
      polls.leave(sid, proven);
      return Response.text(200, "1");
    }
    return Response.text(200, polls.poll(sid, proven, epid(request), ConnectParams.of(request)));
  }

  private Response post(Request request) {
    var proven = tokens.prove(request);
    polls.hear(request.path("sid"), proven, new String(request.body(), StandardCharsets.UTF_8));
    return Response.text(200, "1");
  }

  private Response register(Request request) {
    var proven = tokens.prove(request);
    var registration = request.json(Registration.class);
    var epid = registration.registrationId();
    if (epid == null || epid.isEmpty() || epid.length() > EPID_CHARACTERS_MAX) {
      throw RealtimeProblems.badRegistration();
    }
    var description = registration.clientDescription();
    var appId = description == null ? null : description.appId();
    realtime
        .find(proven.user(), epid)
        .ifPresent(endpoint -> endpoint.registered(appId == null ? "" : shortened(appId)));
    return Response.empty(202);
  }

  private Response unregister(Request request) {
    var proven = tokens.prove(request);
    realtime.forget(proven.user(), request.path("registrationId"));
    return Response.empty(202);
  }

  /** The name that a tab or device keeps over all its connections. */
  private static String epid(Request request) {
    return request
        .query("epid")
        .filter(epid -> !epid.isEmpty() && epid.length() <= EPID_CHARACTERS_MAX)
        .orElseThrow(() -> RealtimeProblems.missing("epid"));
  }

  /** What the client says about itself in {@code tc}, as one short text. */
  private static String client(Request request) {
    try {
      var node = Json.mapper().readTree(request.query("tc").orElse("{}"));
      return shortened((node.path("ua").asText() + " " + node.path("cv").asText()).strip());
    } catch (JsonProcessingException _) {
      return "";
    }
  }

  private static String shortened(String text) {
    return text.length() <= CLIENT_CHARACTERS_MAX ? text : text.substring(0, CLIENT_CHARACTERS_MAX);
  }
}
