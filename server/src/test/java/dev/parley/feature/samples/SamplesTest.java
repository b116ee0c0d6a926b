package dev.parley.feature.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.base.kit.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample pages as a browser meets them, on a server process that prints its codes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SamplesTest {
  private static final Pattern CODE =
      Pattern.compile("(?:\\(code |next code for pages: )([a-z0-9]{8})");

  @TempDir private Path folder;

  /** An answer with its head as text. */
  private record Answer(int status, String head, String body) {
    String header(String name) {
      var found = Pattern.compile("(?im)^" + name + ": (.*)$").matcher(head);
      return found.find() ? found.group(1) : "";
    }
  }

  private TestHouse start(Map<String, String> settings) throws Exception {
    return TestHouse.startProcess(folder.resolve("data"), settings);
  }

  private Map<String, String> pages() throws IOException {
    var dist = Files.createDirectories(folder.resolve("web/samples/dist"));
    Files.createDirectories(folder.resolve("web/calling/dist"));
    Files.writeString(dist.resolve("index.html"), "<p>two windows</p>");
    Files.writeString(dist.resolve("call.js"), "start();");
    Files.writeString(dist.resolve("notes.txt"), "not for browsers");
    Files.writeString(folder.resolve("web/samples/package.html"), "outside");
    return Map.of("web.folder", folder.resolve("web").toString());
  }

  @Test
  void pagesAskForTheCodeOnceAndUsersCanBeMade() throws Exception {
    try (var house = start(pages())) {
      var form = ask(house, "GET", "/samples", "localhost", "", "");
      assertEquals(401, form.status());
      assertTrue(form.body().contains("action=\"/parley/pages/:login?to=/samples\""), form.body());
      assertEquals(
          401, ask(house, "POST", "/samples/:users", "localhost", "", "{\"count\":2}").status());
      assertEquals(401, login(house, "wrong-code").status());

      var code = newestCode();
      var let = login(house, code);
      assertEquals(303, let.status());
      assertEquals("/samples", let.header("location"));
      var cookie = let.header("set-cookie").replaceFirst(";.*", "");
      assertEquals(401, login(house, code).status(), "a code works once");

      var index = ask(house, "GET", "/samples", "localhost", cookie, "");
      assertEquals(200, index.status());
      assertEquals("<p>two windows</p>", index.body());
      var policy = index.header("content-security-policy");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertTrue(policy.contains("wss://localhost:"), policy);

      var made = ask(house, "POST", "/samples/:users", "localhost", cookie, "{\"count\":2}");
      assertEquals(201, made.status(), made.body());
      var users = Json.mapper().readTree(made.body());
      assertEquals(2, users.at("/users").size());
      assertEquals(
          house.environment("ACS_ENDPOINT"), users.at("/endpoint").asText() + "/", made.body());
      var thread =
          house.call(
              "POST",
              "/chat/threads?api-version=2025-03-15",
              users.at("/users/0/token").asText(),
              "{\"topic\":\"t\"}");
      assertEquals(201, thread.status(), thread.body());
      assertEquals(
          400,
          ask(house, "POST", "/samples/:users", "localhost", cookie, "{\"count\":9}").status());
      assertEquals(
          folder.resolve("web/calling").toString(), house.environment("PARLEY_CALLING_PACKAGE"));
    }
  }

  @Test
  void otherHostsAndOtherFilesAreRefused() throws Exception {
    try (var house = start(pages())) {
      var cookie = login(house, newestCode()).header("set-cookie").replaceFirst(";.*", "");
      assertEquals(403, ask(house, "GET", "/samples", "evil.example", cookie, "").status());
      assertEquals(
          403, ask(house, "POST", "/samples/:users", "evil.example", cookie, "{}").status());
      assertEquals(
          "text/javascript; charset=utf-8",
          ask(house, "GET", "/samples/call.js", "localhost", cookie, "").header("content-type"));
      for (var name :
          new String[] {
            "notes.txt",
            "..%2Fpackage.html",
            "%2e%2e/package.html",
            "none.html",
            ".html",
            "call.js%00"
          }) {
        var answer = ask(house, "GET", "/samples/" + name, "localhost", cookie, "");
        assertTrue(answer.status() == 404 || answer.status() == 400, name + " " + answer.status());
        assertFalse(answer.body().contains("outside"), name);
      }
      var missing = ask(house, "GET", "/samples/call-composite.html", "localhost", cookie, "");
      assertTrue(missing.body().contains("./parley samples"), missing.body());
    }
  }

  @Test
  void withoutAFolderThereAreNoPages() throws Exception {
    try (var house = start(Map.of())) {
      assertEquals(404, ask(house, "GET", "/samples", "localhost", "", "").status());
      assertEquals(null, house.environment("PARLEY_CALLING_PACKAGE"));
    }
  }

  /** Printed behind the file that tells of the start, so it may take a moment. */
  private String newestCode() throws IOException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    var code = printedCode();
    while (code.isEmpty()) {
      assertTrue(System.nanoTime() < end, "the server prints a code");
      LockSupport.parkNanos(2_000_000);
      code = printedCode();
    }
    return code;
  }

  private String printedCode() throws IOException {
    var code = "";
    var found = CODE.matcher(Files.readString(folder.resolve("server.log")));
    while (found.find()) {
      code = found.group(1);
    }
    return code;
  }

  private static Answer login(TestHouse house, String code) throws IOException {
    return ask(house, "POST", "/parley/pages/:login?to=/samples", "localhost", "", "code=" + code);
  }

  /** One request over a plain socket, since a browser's clients let nobody choose the host. */
  private static Answer ask(
      TestHouse house, String method, String path, String host, String cookie, String body)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
      var request =
          "%s %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\nCookie: %s\r\n\r\n%s"
              .formatted(
                  method,
                  path,
                  host,
                  house.port(),
                  body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded",
                  body.length(),
                  cookie,
                  body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var end = text.indexOf("\r\n\r\n");
      var status = Integer.parseInt(text.substring(9, 12));
      return new Answer(status, text.substring(0, end + 2), text.substring(end + 4));
    }
  }
}
