package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link IncomingCalls} over HTTP, for server code that hears of a call by its event. */
final class IncomingCallsHttp {
  private static final String CALLS = "/parley/calling/calls";
  private static final int CONTEXT_CHARACTERS_MAX = 4096;

  private record Incoming(
      @Nullable String incomingCallContext, @Nullable String target, @Nullable String reason) {}

  private record Removal(@Nullable String participant) {}

  private final IncomingCalls calls;

  IncomingCallsHttp(IncomingCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        route("/:answer", "Parley_AnswerCall", this::answer),
        route("/:redirect", "Parley_RedirectCall", this::redirect),
        route("/:reject", "Parley_RejectCall", this::reject),
        route("/{callId}/:hangUp", "Parley_HangUpCall", this::hangUp),
        route("/{callId}/participants/:remove", "Parley_RemoveFromCall", this::remove));
  }

  private static Route route(String path, String operation, Handler handler) {
    return new Route(
        Method.POST,
        CALLS + path,
        operation,
        Set.of(Callers.KEY_HOLDER),
        Set.of(),
        ApiVersions.NONE,
        "parley.calling",
        "ParleyAudit",
        Idempotency.NONE,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response answer(Request request) {
    var context = context(request.json(Incoming.class));
    return Response.json(200, done(calls.claim(request.resource().id(), context)));
  }

  private Response redirect(Request request) {
    var incoming = request.json(Incoming.class);
    var target = incoming.target() == null ? "" : incoming.target();
    try {
      var user = Fields.user(TextNode.valueOf(target));
      done(calls.redirect(request.resource().id(), context(incoming), user));
    } catch (CallProblem problem) {
      throw refusal(problem.reason());
    }
    return Response.empty(204);
  }

  private Response reject(Request request) {
    var incoming = request.json(Incoming.class);
    var why =
        switch (incoming.reason() == null ? "none" : incoming.reason().toLowerCase(Locale.ROOT)) {
          case "none" -> IncomingCalls.Rejection.NONE;
          case "busy" -> IncomingCalls.Rejection.BUSY;
          case "forbidden" -> IncomingCalls.Rejection.FORBIDDEN;
          default -> throw bad("The reason must be none, busy or forbidden.");
        };
    done(calls.reject(request.resource().id(), context(incoming), why));
    return Response.empty(204);
  }

  private Response hangUp(Request request) {
    done(calls.hangUp(request.resource().id(), request.path("callId")));
    return Response.empty(204);
  }

  private Response remove(Request request) {
    var participant = request.json(Removal.class).participant();
    if (participant == null || participant.isEmpty()) {
      throw bad("The member participant must be a participant's id or a user's raw id.");
    }
    done(calls.remove(request.resource().id(), request.path("callId"), participant));
    return Response.empty(204);
  }

  private static String context(Incoming incoming) {
    var context = incoming.incomingCallContext();
    if (context == null || context.isEmpty() || context.length() > CONTEXT_CHARACTERS_MAX) {
      throw bad("The member incomingCallContext must be that of an IncomingCall event.");
    }
    return context;
  }

  private static <T> T done(IncomingCalls.Outcome<T> outcome) {
    var done = outcome.done();
    var reason = outcome.reason();
    if (done == null) {
      throw refusal(reason == null ? EndReason.SERVER_FAILED : reason);
    }
    return done;
  }

  private static Refusal bad(String message) {
    return Refusal.of(400, "BadRequest", message);
  }

  /** The words of the protocol as those of HTTP. */
  private static Refusal refusal(EndReason reason) {
    return switch (reason.code()) {
      case 400 -> bad(reason.message());
      case 403 -> Refusal.of(403, "Forbidden", reason.message());
      case 404 -> Refusal.of(404, "NotFound", reason.message());
      case 409 -> Refusal.of(409, "Conflict", reason.message());
      case 501 -> Refusal.of(501, "NotImplemented", reason.message());
      default -> Refusal.of(500, "InternalServerError", reason.message());
    };
  }
}
