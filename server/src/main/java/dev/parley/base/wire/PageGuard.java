package dev.parley.base.wire;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Guards pages for the developer at this machine: the request must name a host that only this
 * machine answers to, so that no page of another origin gets in by a name of its own (DNS
 * rebinding), and the browser must have shown the code that the server printed. A code works once;
 * using it prints the next one. Safe on every thread.
 */
public final class PageGuard {
  private static final String COOKIE = "parley-page";
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

  /** What to answer instead of the page; empty when the browser may see it. */
  public Optional<Response> refusal(Request request) {
    if (!isLocal(request)) {
      return Optional.of(
          page(403, "<h1>Not here</h1><p>This page is shown under localhost only.</p>"));
    }
    return knows(request) ? Optional.empty() : Optional.of(page(401, form(request, "")));
  }

  /** Takes the code from the form; answers with the way back. */
  public Response login(Request request) {
    if (!isLocal(request)) {
      return page(403, "<h1>Not here</h1><p>This page is shown under localhost only.</p>");
    }
    var body = request.body();
    var form = new String(body, 0, Math.min(body.length, FORM_MAX), StandardCharsets.UTF_8);
    var given = form.startsWith("code=") ? form.substring(5).strip().toLowerCase(Locale.ROOT) : "";
    var session = opened(given);
    if (session.isEmpty()) {
      return page(401, form(request, "<p>That is not the code.</p>"));
    }
    return Response.empty(303)
        .header("Location", back(request))
        .header(
            "Set-Cookie",
            "%s=%s; Path=/parley; Max-Age=%d; HttpOnly; Secure; SameSite=Strict"
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

  private static String back(Request request) {
    var to = request.query("to").orElse("/parley/mail");
    var path =
        URI.create("/").resolve(to.matches("/parley/[A-Za-z0-9/_-]{0,200}") ? to : "/parley/mail");
    return path.toString();
  }

  private static String form(Request request, String word) {
    var at =
        request.route().path().endsWith("/:login")
            ? request.query("to").orElse("/parley/mail")
            : request.route().path();
    var to = at.matches("/parley/[A-Za-z0-9/_-]{0,200}") ? at : "/parley/mail";
    return "<h1>Parley</h1>"
        + word
        + "<form method=\"post\" action=\"/parley/mail/:login?to="
        + to
        + "\"><label>The code that the server printed <input name=\"code\" autofocus"
        + " autocomplete=\"off\" size=\"10\"></label> <button>Show</button></form>";
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

  /**
   * The headers of every page of this kind: no scripts, nothing from elsewhere, no frame around it.
   */
  public static Response secured(Response page) {
    return page.header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
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
