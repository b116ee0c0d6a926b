package dev.parley.feature.samples;

import dev.parley.base.wire.Method;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Scope;
import dev.parley.feature.identity.Guest;
import dev.parley.feature.identity.Identity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The pages, and the users that they act as. */
final class SamplesHttp {
  private static final String PAGES = "/samples";

  /** As many windows as somebody would open by hand. */
  private static final int USERS_MAX = 8;

  private static final Set<Scope> SCOPES = Set.of(Scope.CHAT, Scope.VOIP);

  /** How many users the page wants. */
  record UsersWish(int count) {}

  /** A user of a window. */
  record UserModel(String id, String token, Instant expiresOn) {
    static UserModel of(Guest guest) {
      return new UserModel(guest.rawId(), guest.token(), guest.expiresOn());
    }
  }

  /** Users, and where the official SDKs find the server. */
  record UsersModel(String endpoint, List<UserModel> users) {}

  private final SampleFiles files;
  private final Identity identity;
  private final PageGuard guard;

  SamplesHttp(SampleFiles files, Identity identity, PageGuard guard) {
    this.files = files;
    this.identity = identity;
    this.guard = guard;
  }

  List<Route> routes() {
    return List.of(
        PageGuard.route(
            Method.GET,
            PAGES,
            "Parley_SamplesPage",
            "parley.samples",
            guard.guarded(request -> file(request, "index.html"))),
        PageGuard.route(
            Method.GET,
            PAGES + "/{file}",
            "Parley_SamplesFile",
            "parley.samples",
            guard.guarded(request -> file(request, request.path("file")))),
        PageGuard.route(
            Method.POST,
            PAGES + "/:users",
            "Parley_SamplesUsers",
            "parley.samples",
            guard.guarded(this::users)));
  }

  private Response users(Request request) {
    var count = request.json(UsersWish.class).count();
    if (count < 1 || count > USERS_MAX) {
      throw Refusal.of(400, "BadRequest", "count must be from 1 to " + USERS_MAX + ".");
    }
    var users =
        IntStream.range(0, count)
            .mapToObj(_ -> UserModel.of(identity.guest(request.caller(), SCOPES)))
            .toList();
    var endpoint = request.resource().endpoint().toString();
    return Response.json(201, new UsersModel(endpoint, users)).header("Cache-Control", "no-store");
  }

  private Response file(Request request, String name) {
    return files
        .read(name)
        .map(file -> Response.bytes(200, file.contentType(), file.bytes()))
        .map(answer -> PageGuard.secured(answer, policy(request.resource().endpoint())))
        .orElseGet(SamplesHttp::notBuilt);
  }

  private static Response notBuilt() {
    var html =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Not built</title>
        <h1>Not built</h1>
        <p>The pages of the official UI library are large, so they are built when asked for:
        <code>./parley samples</code>. The plain pages are built by <code>./parley up</code> where npm is
        installed.</p></html>
        """;
    return PageGuard.secured(
        Response.bytes(404, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Scripts come from here only, and talk to this server only. The UI library writes its styles
   * into the page, and a browser keeps pictures of its own as data and blobs.
   */
  private static String policy(URI endpoint) {
    var socket = endpoint.toString().replaceFirst("^http", "ws");
    return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' %s %s; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        .formatted(endpoint, socket);
  }
}
