package dev.parley.feature.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes of the issuer, at the places where Entra has them: discovery (OpenID Connect Discovery
 * 1.0), keys, instance discovery, and the token endpoint (RFC 6749, RFC 7636). {@link LoginHttp}
 * has the authorization endpoint.
 */
final class OidcHttp {
  private static final int FORM_BYTES_MAX = 64 << 10;
  private static final String BASIC = "Basic ";

  private record TokenModel(
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn,
      @JsonProperty("ext_expires_in") long extExpiresIn,
      @JsonProperty("access_token") String accessToken,
      @Nullable String scope,
      @JsonProperty("id_token") @Nullable String idToken) {}

  private record ErrorModel(
      String error,
      @JsonProperty("error_description") String description,
      @JsonProperty("error_codes") List<Integer> codes,
      String timestamp,
      @JsonProperty("trace_id") String trace,
      @JsonProperty("correlation_id") String correlation) {}

  private record Client(StoredPrincipal principal, boolean proven) {}

  private final DirectoryConfig config;
  private final Directory directory;
  private final Issuer issuer;
  private final Supplier<URI> house;

  OidcHttp(DirectoryConfig config, Directory directory, Issuer issuer, Supplier<URI> house) {
    this.config = config;
    this.directory = directory;
    this.issuer = issuer;
    this.house = house;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.GET,
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "Oidc_Discovery",
            this::discovery),
        route(
            Method.GET,
            "/{tenant}/.well-known/openid-configuration",
            "Oidc_DiscoveryV1",
            this::discovery),
        route(Method.GET, "/{tenant}/discovery/v2.0/keys", "Oidc_Keys", this::keys),
        route(Method.GET, "/{tenant}/discovery/keys", "Oidc_KeysV1", this::keys),
        route(Method.GET, "/common/discovery/instance", "Oidc_Instance", this::instance),
        route(Method.POST, "/{tenant}/oauth2/v2.0/token", "Oidc_Token", this::token),
        route(Method.POST, "/{tenant}/oauth2/token", "Oidc_TokenV1", this::token));
  }

  static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "directory.token",
        "SignIn",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        FORM_BYTES_MAX,
        request -> answered(handler, request),
        true);
  }

  private static Response answered(Handler handler, Request request) {
    try {
      return (Response) handler.handle(request);
    } catch (OAuthRefusal refusal) {
      return error(refusal, request);
    }
  }

  private static Response error(OAuthRefusal refusal, Request request) {
    var response =
        Response.json(
                refusal.status(),
                new ErrorModel(
                    refusal.error(),
                    refusal.words(),
                    List.of(refusal.number()),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    request.id(),
                    request.id()))
            .header("Cache-Control", "no-store");
    return refusal.status() == 401
        ? response.header("WWW-Authenticate", "Basic realm=\"parley\"")
        : response;
  }

  /** The directory's id, or one of the words that mean any. */
  static String checkedTenant(Directory directory, Request request) {
    var given = request.path("tenant").toLowerCase(Locale.ROOT);
    if (given.equals(directory.tenant())
        || given.equals("common")
        || given.equals("organizations")) {
      return directory.tenant();
    }
    throw OAuthRefusal.noTenant(given);
  }

  private Response discovery(Request request) {
    var tenant = checkedTenant(directory, request);
    var base = house.get() + "/" + tenant;
    return Response.json(
        200,
        Map.ofEntries(
            Map.entry("issuer", issuer.name()),
            Map.entry("authorization_endpoint", base + "/oauth2/v2.0/authorize"),
            Map.entry("token_endpoint", base + "/oauth2/v2.0/token"),
            Map.entry("jwks_uri", base + "/discovery/v2.0/keys"),
            Map.entry("response_types_supported", List.of("code")),
            Map.entry("response_modes_supported", List.of("query")),
            Map.entry("subject_types_supported", List.of("pairwise")),
            Map.entry("id_token_signing_alg_values_supported", List.of("RS256")),
            Map.entry("scopes_supported", List.of("openid", "profile", "email", "offline_access")),
            Map.entry("grant_types_supported", List.of("client_credentials", "authorization_code")),
            Map.entry(
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_post", "client_secret_basic", "none")),
            Map.entry("code_challenge_methods_supported", List.of("S256")),
            Map.entry(
                "claims_supported",
                List.of(
                    "sub",
                    "iss",
                    "aud",
                    "exp",
                    "iat",
                    "nonce",
                    "oid",
                    "tid",
                    "preferred_username")),
            Map.entry("request_uri_parameter_supported", false),
            Map.entry("tenant_region_scope", "parley")));
  }

  private Response keys(Request request) {
    checkedTenant(directory, request);
    return new Response(
        200,
        "application/json; charset=utf-8",
        issuer.published().toString(true).getBytes(StandardCharsets.UTF_8),
        Map.of("Cache-Control", "max-age=3600"));
  }

  /** What clients ask about an authority that they do not know (Entra's instance discovery). */
  private Response instance(Request request) {
    var authority = house.get().getAuthority();
    return Response.json(
        200,
        Map.of(
            "tenant_discovery_endpoint",
            house.get() + "/" + directory.tenant() + "/v2.0/.well-known/openid-configuration",
            "api-version",
            "1.1",
            "metadata",
            List.of(
                Map.of(
                    "preferred_network",
                    authority,
                    "preferred_cache",
                    authority,
                    "aliases",
                    List.of(authority)))));
  }

  private Response token(Request request) {
    checkedTenant(directory, request);
    var form = Form.of(request);
    return switch (form.required("grant_type")) {
      case "client_credentials" -> clientCredentials(request, form);
      case "authorization_code" -> authorizationCode(request, form);
      default -> throw OAuthRefusal.badGrant();
    };
  }

  private Response clientCredentials(Request request, Form form) {
    var client = client(request, form);
    if (!client.proven()) {
      throw OAuthRefusal.secretNeeded();
    }
    // The older endpoint names the resource itself.
    var scopes =
        form.find("scope")
            .map(Audiences::scopes)
            .or(() -> form.find("resource").map(resource -> List.of(resource + "/.default")))
            .orElseThrow(() -> OAuthRefusal.missing("scope"));
    // Java's library asks for the scopes of people besides; an application has no use for them.
    var resources = Audiences.withoutOidc(scopes);
    if (resources.size() != 1 || !resources.getFirst().endsWith("/.default")) {
      throw OAuthRefusal.badScope(String.join(" ", scopes));
    }
    var principal = client.principal();
    var audience = Audiences.audience(scopes, principal.clientId(), house.get());
    return answer(principal, principal, audience, "", List.of());
  }

  private Response authorizationCode(Request request, Form form) {
    var client = client(request, form);
    if (!client.proven() && !directory.secrets(client.principal().id()).isEmpty()) {
      throw OAuthRefusal.secretNeeded();
    }
    var kept =
        directory.takeCode(Issuer.sha256(form.required("code"))).orElseThrow(OAuthRefusal::badCode);
    var code = Json.read(kept, LoginHttp.Code.class);
    if (!code.client().equals(client.principal().clientId())) {
      throw OAuthRefusal.badCode();
    }
    if (!code.redirect().equals(form.required("redirect_uri"))) {
      throw OAuthRefusal.badRedirect();
    }
    if (!Issuer.sha256(form.required("code_verifier")).equals(code.challenge())) {
      throw OAuthRefusal.badVerifier();
    }
    var user =
        directory
            .current(code.user())
            .filter(StoredPrincipal::enabled)
            .orElseThrow(OAuthRefusal::disabled);
    var audience = Audiences.audience(code.scopes(), client.principal().clientId(), house.get());
    return answer(client.principal(), user, audience, code.nonce(), code.scopes());
  }

  private Response answer(
      StoredPrincipal client,
      StoredPrincipal principal,
      String audience,
      String nonce,
      List<String> scopes) {
    var life = config.tokenLife();
    var seconds = life.toSeconds() - 1;
    return Response.json(
            200,
            new TokenModel(
                "Bearer",
                seconds,
                seconds,
                issuer.accessToken(principal, client.clientId(), audience, life),
                scopes.isEmpty() ? null : String.join(" ", scopes),
                Audiences.wantsId(scopes)
                    ? issuer.idToken(principal, client.clientId(), nonce, Duration.ofHours(1))
                    : null))
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache");
  }

  /** The client, by {@code client_secret_post} or {@code client_secret_basic} or not at all. */
  private Client client(Request request, Form form) {
    var header = request.header("authorization").orElse("");
    if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      var pair = basic(header.substring(BASIC.length()).strip());
      return new Client(directory.proofs().application(pair[0], pair[1]), true);
    }
    var id = form.required("client_id");
    var secret = form.find("client_secret");
    if (secret.isPresent()) {
      return new Client(directory.proofs().application(id, secret.get()), true);
    }
    return new Client(
        directory
            .ofClient(id)
            .filter(StoredPrincipal::isApplication)
            .filter(StoredPrincipal::enabled)
            .orElseThrow(OAuthRefusal::noClient),
        false);
  }

  private static String[] basic(String text) {
    try {
      var pair = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
      var colon = pair.indexOf(':');
      if (colon > 0) {
        return new String[] {
          java.net.URLDecoder.decode(pair.substring(0, colon), StandardCharsets.UTF_8),
          java.net.URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8)
        };
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw OAuthRefusal.badSecret();
  }
}
