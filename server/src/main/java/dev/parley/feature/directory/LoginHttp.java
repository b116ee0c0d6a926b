package dev.parley.feature.directory;

import dev.parley.base.kit.Json;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The authorization endpoint: a page that asks a person for name and password, and sends the
 * browser back with a code. There is no session and no cookie, so nobody else's page can make use
 * of one; PKCE (RFC 7636, S256) is obligatory.
 */
final class LoginHttp {
  private static final int CODE_BYTES = 32;
  private static final int PARAMETER_MAX = 2_000;
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final String PATH = "/{tenant}/oauth2/v2.0/authorize";
  private static final List<String> KEPT =
      List.of(
          "client_id",
          "redirect_uri",
          "response_type",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method");

  /** What a code stands for. */
  record Code(
      String client,
      String user,
      String redirect,
      String challenge,
      String nonce,
      List<String> scopes) {}

  /** A request for a code, checked. */
  private record Wish(Map<String, String> parameters, StoredPrincipal client, String redirect) {
    String of(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  private final DirectoryConfig config;
  private final Directory directory;
  private final InstantSource clock;
  private final SecureRandom random;

  LoginHttp(DirectoryConfig config, Directory directory, InstantSource clock, SecureRandom random) {
    this.config = config;
    this.directory = directory;
    this.clock = clock;
    this.random = random;
  }

  List<Route> routes() {
    return List.of(
        OidcHttp.route(Method.GET, PATH, "Oidc_Authorize", this::ask),
        OidcHttp.route(Method.POST, PATH, "Oidc_Login", this::login));
  }

  private Response ask(Request request) {
    OidcHttp.checkedTenant(directory, request);
    return page(200, wish(request::query), "");
  }

  private Response login(Request request) {
    OidcHttp.checkedTenant(directory, request);
    var form = Form.of(request);
    var wish = wish(form::find);
    StoredPrincipal user;
    try {
      user = directory.proofs().user(form.required("username"), form.required("password"));
    } catch (OAuthRefusal refusal) {
      return page(401, wish, "The name or the password is wrong, or there were too many attempts.");
    }
    var code = newCode();
    var kept =
        new Code(
            wish.client().clientId(),
            user.id(),
            wish.redirect(),
            wish.of("code_challenge"),
            wish.of("nonce"),
            Audiences.scopes(wish.of("scope")));
    directory.keepCode(
        Issuer.sha256(code), Json.text(kept), clock.instant().plus(config.codeLife()));
    var separator = wish.redirect().contains("?") ? "&" : "?";
    var state = wish.of("state").isEmpty() ? "" : "&state=" + Form.encoded(wish.of("state"));
    return Response.empty(303)
        .header("Location", wish.redirect() + separator + "code=" + code + state)
        .header("Cache-Control", "no-store")
        .header("Referrer-Policy", "no-referrer");
  }

  /** Everything that is wrong is told here and never to a redirect address that is not proven. */
  private Wish wish(Function<String, Optional<String>> given) {
    var parameters = new LinkedHashMap<String, String>();
    for (var name : KEPT) {
      given
          .apply(name)
          .filter(value -> value.length() <= PARAMETER_MAX)
          .ifPresent(value -> parameters.put(name, value));
    }
    var client =
        directory
            .ofClient(parameters.getOrDefault("client_id", ""))
            .filter(StoredPrincipal::isApplication)
            .filter(StoredPrincipal::enabled)
            .orElseThrow(OAuthRefusal::noClient);
    var redirect = parameters.getOrDefault("redirect_uri", "");
    if (!client.redirects().contains(redirect)) {
      throw OAuthRefusal.badRedirect();
    }
    var wish = new Wish(parameters, client, redirect);
    if (!wish.of("response_type").equals("code")) {
      throw OAuthRefusal.badResponseType();
    }
    if (!wish.of("code_challenge_method").equals("S256")
        || !CHALLENGE.matcher(wish.of("code_challenge")).matches()) {
      throw OAuthRefusal.pkceNeeded();
    }
    return wish;
  }

  private String newCode() {
    var bytes = new byte[CODE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Response page(int status, Wish wish, String problem) {
    var hidden = new StringBuilder();
    wish.parameters()
        .forEach((name, value) ->
            hidden.append(
                "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n"
                    .formatted(name, escaped(value))));
    var html =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Sign in</title>
        <meta name="viewport" content="width=device-width"></head>
        <body><main><h1>Sign in to %s</h1><p role="alert">%s</p>
        <form method="post">
        %s<p><label>Name <input name="username" autocomplete="username" required autofocus></label></p>
        <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
        <p><button>Sign in</button></p></form></main></body></html>
        """
            .formatted(escaped(wish.client().name()), problem, hidden);
    return Response.bytes(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
        .header(
            "Content-Security-Policy",
            // No form-action: browsers apply it to the redirect after the form as well.
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
        .header("X-Frame-Options", "DENY")
        .header("Cache-Control", "no-store")
        .header("Referrer-Policy", "no-referrer");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
