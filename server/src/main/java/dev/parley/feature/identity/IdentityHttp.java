package dev.parley.feature.identity;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Scope;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Routes of the Identity contract, the JSON they take and give, and the checks of its shape. */
final class IdentityHttp {
  private static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2021-03-07",
          "2021-03-31-preview1",
          "2021-10-31-preview",
          "2021-11-01",
          "2022-06-01",
          "2022-10-01",
          "2023-08-01",
          "2023-10-01",
          "2024-04-01-preview",
          "2025-03-02-preview",
          "2025-04-01-preview",
          "2025-06-30",
          "2026-07-22",
          "2026-09-23");
  // From this date on, users have an external id and the time of their last token.
  private static final String EXTERNAL_IDS_SINCE = "2025-03-02";

  private record CreateRequest(
      @Nullable String externalId,
      @Nullable String customId,
      @Nullable List<@Nullable String> createTokenWithScopes,
      @Nullable Integer expiresInMinutes) {}

  private record TokenRequest(
      @Nullable List<@Nullable String> scopes, @Nullable Integer expiresInMinutes) {}

  /** {@code CommunicationIdentity}. */
  record UserModel(
      String id,
      @Nullable String externalId,
      @Nullable String customId,
      @Nullable Instant lastTokenIssuedAt) {
    static UserModel of(UserKey user) {
      return new UserModel(user.id(), null, null, null);
    }
  }

  /** {@code CommunicationIdentityAccessToken}. */
  record TokenModel(String token, Instant expiresOn) {
    static TokenModel of(UserToken token) {
      return new TokenModel(token.token(), token.expiresOn());
    }
  }

  /** {@code CommunicationIdentityAccessTokenResult}. */
  record ResultModel(
      UserModel identity, @Nullable TokenModel accessToken, @Nullable Instant lastTokenIssuedAt) {}

  private final Identity identity;

  IdentityHttp(Identity identity) {
    this.identity = identity;
  }

  /** All operations of this room. */
  List<Route> routes() {
    return Stream.concat(
            Stream.of(
                route(
                    Method.POST,
                    "/identities",
                    "CommunicationIdentity_Create",
                    "identity.create",
                    this::create),
                route(
                    Method.GET,
                    "/identities/{id}",
                    "CommunicationIdentity_Get",
                    "identity.get",
                    this::get),
                route(
                    Method.DELETE,
                    "/identities/{id}",
                    "CommunicationIdentity_Delete",
                    "identity.delete",
                    this::delete),
                route(
                    Method.POST,
                    "/identities/{id}/:issueAccessToken",
                    "CommunicationIdentity_IssueAccessToken",
                    "identity.issueToken",
                    this::issueToken),
                route(
                    Method.POST,
                    "/identities/{id}/:revokeAccessTokens",
                    "CommunicationIdentity_RevokeAccessTokens",
                    "identity.revokeTokens",
                    this::revokeTokens)),
            new ExchangeHttp(identity).routes().stream())
        .toList();
  }

  /** An operation for those who hold a key or a role. */
  static Route route(Method method, String path, String operation, String bucket, Handler handler) {
    var callers = Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL);
    return route(method, path, operation, callers, bucket, handler);
  }

  static Route route(
      Method method,
      String path,
      String operation,
      Set<Callers> callers,
      String bucket,
      Handler handler) {
    return new Route(
        method,
        path,
        operation,
        callers,
        Set.of(),
        VERSIONS,
        bucket,
        "AuthOperational",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response create(Request request) {
    var body = request.json(CreateRequest.class);
    var externalId =
        hasExternalIds(request)
            ? externalId(body.externalId(), body.customId())
            : Optional.<String>empty();
    var wish = wish(body.createTokenWithScopes(), body.expiresInMinutes());
    var made = identity.create(request.caller(), new NewUser(externalId, wish));
    var user = model(request, made.user());
    var token = made.token().map(TokenModel::of).orElse(null);
    return Response.json(
        made.created() ? 201 : 200, new ResultModel(user, token, user.lastTokenIssuedAt()));
  }

  private Response get(Request request) {
    return Response.json(200, model(request, identity.get(request.caller(), request.path("id"))));
  }

  private Response delete(Request request) {
    identity.delete(request.caller(), request.path("id"));
    return Response.empty(204);
  }

  private Response issueToken(Request request) {
    var body = request.json(TokenRequest.class);
    var wish = wish(body.scopes(), body.expiresInMinutes());
    return Response.json(
        200, TokenModel.of(identity.issueToken(request.caller(), request.path("id"), wish)));
  }

  private Response revokeTokens(Request request) {
    identity.revokeTokens(request.caller(), request.path("id"));
    return Response.empty(204);
  }

  private static boolean hasExternalIds(Request request) {
    return request.apiVersion().compareTo(EXTERNAL_IDS_SINCE) >= 0;
  }

  /**
   * One thing by two names: the contract renamed it while in preview, and .NET kept {@code
   * customId}.
   */
  private static Optional<String> externalId(@Nullable String renamed, @Nullable String older) {
    if (renamed != null && older != null && !renamed.equals(older)) {
      throw IdentityProblems.externalIdTwice();
    }
    var given = renamed != null ? renamed : older;
    // PostgreSQL stores every character but NUL.
    if (given != null
        && (given.isEmpty()
            || given.length() > NewUser.EXTERNAL_ID_CHARS_MAX
            || given.indexOf('\0') >= 0)) {
      throw IdentityProblems.externalId();
    }
    return Optional.ofNullable(given);
  }

  private static TokenWish wish(
      @Nullable List<@Nullable String> words, @Nullable Integer expiresInMinutes) {
    var scopes = EnumSet.noneOf(Scope.class);
    if (words != null) {
      for (var word : words) {
        scopes.add(
            Optional.ofNullable(word)
                .flatMap(Scope::ofWord)
                .orElseThrow(IdentityProblems::scopeUnknown));
      }
    }
    return new TokenWish(
        scopes, expiresInMinutes == null ? TokenWish.MINUTES_MAX : expiresInMinutes);
  }

  private static UserModel model(Request request, StoredUser user) {
    if (!hasExternalIds(request)) {
      return UserModel.of(user.key());
    }
    var externalId = user.externalId().orElse(null);
    var lastToken = user.lastTokenOn().orElse(null);
    return new UserModel(user.key().id(), externalId, externalId, lastToken);
  }
}
