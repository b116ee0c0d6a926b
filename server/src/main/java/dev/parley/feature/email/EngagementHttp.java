package dev.parley.feature.email;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** What links in mails lead to; whoever has the link may follow it. */
final class EngagementHttp {
  /** One transparent dot. */
  private static final byte[] DOT =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  private static final int FORM_BYTES_MAX = 1 << 10;

  private final Engagement engagement;

  EngagementHttp(Engagement engagement) {
    this.engagement = engagement;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "/parley/engage/{token}/open.gif", "Parley_EmailOpened", this::opened),
        route(Method.GET, "/parley/engage/{token}/click", "Parley_EmailClicked", this::clicked),
        route(Method.GET, "/parley/unsubscribe/{token}", "Parley_EmailLeave", this::ask),
        route(Method.POST, "/parley/unsubscribe/{token}", "Parley_EmailLeft", this::left));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "email.engagement",
        "EmailUserEngagement",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        method == Method.POST ? FORM_BYTES_MAX : 0,
        handler);
  }

  private static String agent(Request request) {
    return request.header("user-agent").orElse("");
  }

  /** The same dot for everybody, so that nothing is learned from it. */
  private Response opened(Request request) {
    engagement.opened(request.path("token"), agent(request));
    return Response.bytes(200, "image/gif", DOT).header("Cache-Control", "no-store");
  }

  private Response clicked(Request request) {
    var link = request.query("u").orElse("");
    var proof = request.query("s").orElse("");
    if (!engagement.clicked(request.path("token"), link, proof, agent(request))) {
      throw EmailProblems.badLink();
    }
    return Response.empty(302).header("Location", link).header("Cache-Control", "no-store");
  }

  private Response ask(Request request) {
    if (!engagement.mayLeave(request.path("token"))) {
      throw EmailProblems.badLink();
    }
    // A look alone changes nothing: programs that check links look too (RFC 8058).
    return page(
        "<h1>Unsubscribe</h1><p>You will get no further mail from this sender.</p>"
            + "<form method=\"post\"><button>Unsubscribe</button></form>");
  }

  private Response left(Request request) {
    if (!engagement.mayLeave(request.path("token"))) {
      throw EmailProblems.badLink();
    }
    engagement.left(request.path("token"));
    return page("<h1>Unsubscribed</h1><p>You will get no further mail from this sender.</p>");
  }

  private static Response page(String body) {
    var html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Unsubscribe</title>"
            + "<meta name=\"viewport\" content=\"width=device-width\">"
            + "<style>body{font:16px system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}</style>"
            + body
            + "</html>";
    return Response.bytes(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
