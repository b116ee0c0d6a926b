package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Browsers may call the data plane from configured origins, and our own operations never. */
class CorsTest extends EdgeTest {
  private static final String APP = "https://app.example";

  @Override
  Map<String, String> settings() {
    return Map.of("cors.origins", APP + ", https://other.example");
  }

  private static RawRequest question(String path, String origin, String method) {
    return RawRequest.get(path)
        .method("OPTIONS")
        .with(
            "Origin: " + origin,
            "Access-Control-Request-Method: " + method,
            "Access-Control-Request-Headers: authorization,content-type");
  }

  @Test
  void aKnownOriginMayAskAndCall() throws IOException {
    var answer = ask(question("/chat/echo/x", APP, "GET"));
    assertEquals(204, answer.status());
    assertEquals(APP, answer.header("access-control-allow-origin"));
    assertEquals("GET", answer.header("access-control-allow-methods"));
    assertEquals("authorization,content-type", answer.header("access-control-allow-headers"));
    assertEquals("Origin", answer.header("vary"));
    var reply = ask(RawRequest.get("/chat/echo/x").with("Origin: " + APP));
    assertEquals(APP, reply.header("access-control-allow-origin"));
    assertTrue(reply.header("access-control-expose-headers").contains("x-ms-error-code"));
    // A page must be able to read why it was refused.
    var refused = ask(RawRequest.get("/users").with("Origin: " + APP));
    assertEquals(401, refused.status());
    assertEquals(APP, refused.header("access-control-allow-origin"));
  }

  @Test
  void everybodyElseIsToldNothing() throws IOException {
    for (var origin : List.of("https://evil.example", "null", "", "https://app.example.evil")) {
      var answer = ask(question("/chat/echo/x", origin, "GET"));
      assertEquals("", answer.header("access-control-allow-origin"), origin);
      assertEquals("", answer.header("access-control-allow-methods"), origin);
      var reply = ask(RawRequest.get("/chat/echo/x").with("Origin: " + origin));
      assertEquals("", reply.header("access-control-allow-origin"), origin);
    }
  }

  @Test
  void ourOwnOperationsAreNotForBrowsers() throws IOException {
    for (var path :
        List.of("/parley/things", "//parley/things", "/%70arley/things", "/health/live")) {
      var answer = ask(question(path, APP, "GET"));
      assertEquals("", answer.header("access-control-allow-origin"), path);
      assertEquals("", answer.header("access-control-allow-methods"), path);
      var reply = ask(RawRequest.get(path).with("Origin: " + APP));
      assertEquals("", reply.header("access-control-allow-origin"), path);
    }
  }

  @Test
  void noOriginNoHeaders() throws IOException {
    assertEquals("", get("/chat/echo/x").header("access-control-allow-origin"));
    assertEquals(405, ask(RawRequest.get("/chat/echo/x").method("OPTIONS")).status());
  }
}
