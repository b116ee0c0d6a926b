package dev.parley.feature.email.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.base.wire.RawClient;
import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may look at captured mail in a browser, and what mail can do to who looks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailPageTest {
  private static final String PAGE = "/parley/mail";
  private static final Pattern CODE = Pattern.compile("(?:\\(code |pages: )([a-z0-9]+)");

  @TempDir private static Path folder;

  /** What the server says to whoever started it. */
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private final PrintStream out = System.out;
  private TestHouse house;

  @BeforeAll
  void start() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    house = TestHouse.start(folder.resolve("data"), Map.of());
    send("ann@a.example", "<script>alert(1)</script><img src='https://spy.example/x'><p>Hi</p>");
  }

  @AfterAll
  void stop() {
    house.close();
    System.setOut(out);
  }

  private void send(String to, String html) {
    var body =
        """
        {"senderAddress":"%s","content":{"subject":"<script>alert(1)</script>","html":"%s"},
         "recipients":{"to":[{"address":"%s"}]}}
        """
            .formatted(house.environment("ACS_EMAIL_SENDER"), html, to);
    var sent = house.signed("POST", "/emails:send?api-version=2025-09-01", body);
    assertEquals(202, sent.status(), sent::body);
    var inbox = house.signed("GET", "/parley/inbox/email?wait=60&to=" + to, "");
    assertTrue(inbox.body().contains("alert(1)"), inbox::body);
  }

  private RawReply ask(RawRequest request) throws IOException {
    try (var client = RawClient.plain(house.port())) {
      return client.send(request.bytes()).reply();
    }
  }

  /** The code that was printed last. */
  private String code() {
    var found = CODE.matcher(printed.toString(StandardCharsets.UTF_8)).results();
    return found.map(one -> one.group(1)).toList().getLast();
  }

  private static RawRequest login(String code) {
    return RawRequest.post("/parley/pages/:login?to=" + PAGE, "code=" + code);
  }

  /** The cookie of a browser that gave the code. */
  private String cookie() throws IOException {
    var answer = ask(login(code()));
    assertEquals(303, answer.status(), answer::text);
    assertEquals(PAGE, answer.header("location"));
    var cookie = answer.header("set-cookie");
    for (var attribute : List.of("; HttpOnly", "; Secure", "; SameSite=Strict", "; Path=/;")) {
      assertTrue(cookie.contains(attribute), cookie);
    }
    return "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void onlyWhoHasTheCodeSeesMailAndTheCodeWorksOnce() throws Exception {
    var stranger = ask(RawRequest.get(PAGE));
    assertEquals(401, stranger.status());
    assertFalse(stranger.text().contains("ann@a.example"));
    for (var path : List.of("/1", "/1/html", "/1/attachments/0")) {
      assertEquals(401, ask(RawRequest.get(PAGE + path)).status(), path);
    }
    var code = code();
    var cookie = cookie();
    assertEquals(401, ask(login(code)).status(), "a code works once");
    var page = ask(RawRequest.get(PAGE).with(cookie));
    assertEquals(200, page.status());
    assertTrue(page.text().contains("ann@a.example"));
    var forged = cookie.substring(0, cookie.length() - 1) + (cookie.endsWith("a") ? "b" : "a");
    assertEquals(401, ask(RawRequest.get(PAGE).with(forged)).status());
  }

  @Test
  void aCodeCannotBeGuessedForLong() throws Exception {
    var first = code();
    for (var tries = 0; code().equals(first); tries++) {
      assertTrue(tries < 100, "the code is never changed");
      assertEquals(401, ask(login("zzzz" + tries)).status());
    }
    assertEquals(401, ask(login(first)).status());
  }

  /** A page of somebody else's name that leads here (DNS rebinding) gets nothing, code or not. */
  @Test
  void otherHostsAreTurnedAway() throws Exception {
    var cookie = cookie();
    for (var host :
        List.of("evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example")) {
      var page = ask(RawRequest.get(PAGE).host(host).with(cookie));
      assertEquals(403, page.status(), host);
      assertEquals(403, ask(login(code()).host(host)).status(), host);
    }
    assertEquals(200, ask(RawRequest.get(PAGE).host("127.0.0.1").with(cookie)).status());
  }

  @Test
  void mailIsShownWithoutPower() throws Exception {
    var cookie = cookie();
    var list = ask(RawRequest.get(PAGE + "?to=ann@a.example").with(cookie));
    assertFalse(list.text().contains("<script>"), list::text);
    var link = Pattern.compile(PAGE + "/\\d+").matcher(list.text());
    assertTrue(link.find(), list::text);
    var mail = ask(RawRequest.get(link.group()).with(cookie));
    assertFalse(mail.text().contains("<script>"), mail::text);
    assertTrue(mail.text().contains("<iframe sandbox=\"\""), mail::text);
    var html = ask(RawRequest.get(link.group() + "/html").with(cookie));
    assertTrue(html.text().contains("<p>Hi</p>"), html::text);
    for (var answer : List.of(list, mail, html)) {
      var policy = answer.header("content-security-policy");
      assertTrue(policy.contains("default-src 'none'"), policy);
      assertFalse(policy.contains("script-src"), policy);
      assertEquals("nosniff", answer.header("x-content-type-options"));
    }
    assertTrue(html.header("content-security-policy").startsWith("sandbox;"));
  }
}
