package dev.parley.feature.media;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.media.MediaJoin;
import dev.parley.protocol.sdp.SdpOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * WHIP (RFC 9725) for who sends and WHEP (draft-ietf-wish-whep) for who watches: POST an offer, 201
 * with the answer, PATCH to trickle or to restart ICE, DELETE to end. The ticket in the path is the
 * credential.
 */
final class WhipHttp {
  private static final String SDP = "application/sdp";
  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final int SDP_BYTES_MAX = 128 << 10;

  private final MediaRooms rooms;

  WhipHttp(MediaRooms rooms) {
    this.rooms = rooms;
  }

  static String path(boolean publishes) {
    return publishes ? "/media/whip" : "/media/whep";
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var publishes : List.of(true, false)) {
      var ticket = path(publishes) + "/{ticket}";
      var session = ticket + "/{session}";
      var name = publishes ? "Whip" : "Whep";
      routes.add(
          route(
              Method.POST,
              ticket,
              "Media_" + name + "Offer",
              request -> offer(request, publishes)));
      routes.add(
          route(
              Method.PATCH,
              session,
              "Media_" + name + "Trickle",
              request -> trickle(request, publishes)));
      routes.add(
          route(
              Method.DELETE, session, "Media_" + name + "End", request -> end(request, publishes)));
    }
    return routes;
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "media.whip",
        "ParleyAudit",
        method == Method.DELETE ? Idempotency.NATURAL : Idempotency.NONE,
        SDP_BYTES_MAX,
        handler);
  }

  private Response offer(Request request, boolean publishes) {
    requireType(request, SDP);
    var ticket = request.path("ticket");
    var joined = rooms.join(request.resource().id(), ticket, publishes, text(request));
    return switch (joined) {
      case MediaJoin.Joined(String session, String answer) ->
          Response.bytes(201, SDP, answer.getBytes(StandardCharsets.UTF_8))
              .header("Location", path(publishes) + "/" + ticket + "/" + session)
              .header("ETag", "\"" + session + "\"")
              .header("Accept-Patch", FRAGMENT);
      case MediaJoin.Unacceptable(boolean malformed, String detail) ->
          throw MediaProblems.badOffer(malformed, detail);
      case MediaJoin.Full() -> throw MediaProblems.full();
    };
  }

  private Response trickle(Request request, boolean publishes) {
    requireType(request, FRAGMENT);
    var place = place(request, publishes);
    var outcome =
        rooms
            .media()
            .trickle(place, request.path("session"), text(request))
            .orElseThrow(MediaProblems::noSession);
    return switch (outcome) {
      case SdpOutcome.Refused<String> refused ->
          throw MediaProblems.badOffer(true, refused.reason() + ": " + refused.detail());
      case SdpOutcome.Agreed<String>(String fragment) ->
          fragment.isEmpty()
              ? Response.empty(204)
              : Response.bytes(200, FRAGMENT, fragment.getBytes(StandardCharsets.UTF_8))
                  .header("ETag", "\"" + request.path("session") + "\"");
    };
  }

  private Response end(Request request, boolean publishes) {
    if (!rooms.media().end(place(request, publishes), request.path("session"))) {
      throw MediaProblems.noSession();
    }
    return Response.empty(200);
  }

  private String place(Request request, boolean publishes) {
    return rooms.placeOf(request.resource().id(), request.path("ticket"), publishes);
  }

  private static String text(Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static void requireType(Request request, String type) {
    var given = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!given.equals(type) && !given.startsWith(type + ";")) {
      throw MediaProblems.notSdp(type);
    }
  }
}
