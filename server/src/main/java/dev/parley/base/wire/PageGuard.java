package dev.parley.base.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Guards pages for the developer at this machine: the request must name a host that only this
 * machine answers to, so that no page of another origin gets in by a name of its own (DNS
 * rebinding), and the browser must have shown the code that the server printed. A code works once;
 * using it prints the next one. Safe on every thread.
 */
public final class PageGuard {
  private static final String LOGIN = "/parley/pages/:login";
  private static final String COOKIE = "parley-page";

  /**
   * Where the form may lead back to; the first folder of a template such as {@code
   * /parley/mail/{id}} is one.
   */
  private static final Pattern PAGE = Pattern.compile("/(?:parley/[a-z]+|samples)");

  private static final String FIRST_PAGE = "/parley/mail";
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int CODE_LENGTH = 8;
  private static final int WRONG_MAX = 10;
  private static final int SESSIONS_MAX = 50;
  private static final int FORM_MAX = 200;
  private static final Duration SESSION = Duration.ofHours(12);

  private final SecureRandom random;
  private final InstantSource clock;
  private final Consumer<String> printer;
  private final Map<String, Instant> sessions = new LinkedHashMap<>();
  private String code;
  private int wrong;

  /**
   * Makes a guard with a code.
   *
   * @param printer shows each further code to whoever started the server
   */
  public PageGuard(SecureRandom random, InstantSource clock, Consumer<String> printer) {
    this.random = random;
    this.clock = clock;
    this.printer = printer;
    this.code = fresh(CODE_LENGTH);
  }

  /** The code that works now. */
  public synchronized String code() {
    return code;
  }

  /** The form that takes the code; the same for all pages. */
  public List<Route> routes() {
    return List.of(route(Method.POST, LOGIN, "Parley_PageLogin", "parley.pages", this::login));
  }

  /** An operation of a page: open to anybody, since its handler asks the guard. */
  public static Route route(
      Method method, String path, String operation, String bucket, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        bucket,
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        1 << 10,
        handler);
  }

  /** The handler behind this guard. */
  public Handler guarded(Handler shown) {
    return request -> {
      var refusal = refusal(request);
      return refusal.isPresent() ? refusal.get() : shown.handle(request);
    };
  }

  /** What to answer instead of the page; empty when the browser may see it. */
  public Optional<Response> refusal(Request request) {
    if (!isLocal(request)) {
      return Optional.of(
          page(403, "<h1>Not here</h1><p>This page is shown under localhost only.</p>"));
    }
    return knows(request) ? Optional.empty() : Optional.of(page(401, form(shown(request), "")));
  }

  /** Takes the code from the form; answers with the way back. */
  private Response login(Request request) {
    if (!isLocal(request)) {
      return page(403, "<h1>Not here</h1><p>This page is shown under localhost only.</p>");
    }
    var body = request.body();
    var form = new String(body, 0, Math.min(body.length, FORM_MAX), StandardCharsets.UTF_8);
    var given = form.startsWith("code=") ? form.substring(5).strip().toLowerCase(Locale.ROOT) : "";
    var session = opened(given);
    if (session.isEmpty()) {
      return page(401, form(back(request), "<p>That is not the code.</p>"));
    }
    return Response.empty(303)
        .header("Location", back(request))
        .header(
            "Set-Cookie",
            "%s=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Strict"
                .formatted(COOKIE, session.get(), SESSION.toSeconds()));
  }

  private synchronized Optional<String> opened(String given) {
    if (!MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8))) {
      if (++wrong >= WRONG_MAX) {
        renew();
      }
      return Optional.empty();
    }
    renew();
    var now = clock.instant();
    sessions.values().removeIf(until -> until.isBefore(now));
    if (sessions.size() >= SESSIONS_MAX) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    var session = fresh(32);
    sessions.put(session, now.plus(SESSION));
    return Optional.of(session);
  }

  private void renew() {
    wrong = 0;
    code = fresh(CODE_LENGTH);
    printer.accept(code);
  }

  private synchronized boolean knows(Request request) {
    var now = clock.instant();
    for (var pair : request.header("cookie").orElse("").split(";", 50)) {
      var text = pair.strip();
      if (text.startsWith(COOKIE + "=")) {
        var until = sessions.get(text.substring(COOKIE.length() + 1));
        if (until != null && until.isAfter(now)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Names that lead nowhere but to this machine (RFC 6761), and the one that the operator chose.
   */
  private static boolean isLocal(Request request) {
    var host = request.header("host").orElse("").toLowerCase(Locale.ROOT);
    var bare = host.replaceAll(":\\d{1,5}$", "");
    return bare.equals("localhost")
        || bare.endsWith(".localhost")
        || bare.equals("127.0.0.1")
        || bare.equals("[::1]")
        || bare.equals(request.resource().endpoint().getHost());
  }

  /** The page that the browser came from, as the form says. */
  private static String back(Request request) {
    return request.query("to").filter(PAGE.asMatchPredicate()).orElse(FIRST_PAGE);
  }

  /** The page that the browser wants. */
  private static String shown(Request request) {
    var page = PAGE.matcher(request.route().path());
    return page.lookingAt() ? page.group() : FIRST_PAGE;
  }

  private static String form(String to, String word) {
    return """
    <h1>Parley</h1>%s
    <form method="post" action="%s?to=%s">
    <label>The code that the server printed <input name="code" autofocus autocomplete="off" size="10"></label>
    <button>Show</button></form>
    """
        .formatted(word, LOGIN, to);
  }

  private static Response page(int status, String body) {
    var html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Parley</title>"
            + "<style>body{font:16px system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}"
            + "input,button{font:inherit;padding:.3rem .6rem}</style>"
            + body
            + "</html>";
    return secured(
        Response.bytes(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)));
  }

  /** The headers of a page of this kind: no scripts, nothing from elsewhere, no frame around it. */
  public static Response secured(Response page) {
    return secured(
        page,
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'");
  }

  /** The headers of a page that has a content security policy of its own. */
  public static Response secured(Response page, String policy) {
    return page.header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", "no-store");
  }

  private String fresh(int length) {
    var text = new StringBuilder();
    for (var i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
