package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who passes which route, in which api-version, with which id of a repeat. */
class GateTest extends EdgeTest {
  private static final List<String> ROUTES =
      List.of(
          "/keys/x", "/keys-or-principals", "/users", "/both", "/parley/things", "/parley/house");

  @BeforeAll
  void makeTokens() {
    var hour = Duration.ofHours(1);
    edge.user("chatter", TwoResources.ALPHA, hour, Scope.CHAT);
    edge.user("joiner", TwoResources.ALPHA, hour, Scope.CHAT_JOIN, Scope.VOIP);
    edge.user("caller", TwoResources.ALPHA, hour, Scope.VOIP);
    edge.user("foreigner", TwoResources.BETA, hour, Scope.CHAT);
    edge.principal("app", TwoResources.ALPHA);
  }

  private void assertStatuses(String token, Integer... statuses) throws IOException {
    for (var i = 0; i < ROUTES.size(); i++) {
      var request = RawRequest.get(ROUTES.get(i)).with("Authorization: Bearer " + token);
      assertEquals(statuses[i], ask(request).status(), token + " " + ROUTES.get(i));
    }
  }

  @Test
  void eachRouteLetsItsCallersIn() throws IOException {
    assertStatuses("chatter", 401, 401, 200, 200, 401, 403);
    assertStatuses("joiner", 401, 401, 200, 403, 401, 403);
    assertStatuses("caller", 401, 401, 403, 403, 401, 403);
    assertStatuses("foreigner", 401, 401, 401, 401, 401, 401);
    assertStatuses("app", 401, 200, 401, 401, 401, 401);
    assertStatuses(EdgeFixture.OPERATOR, 401, 401, 401, 401, 200, 200);
    assertStatuses("nobody", 401, 401, 401, 401, 401, 401);
    var signer = edge.signer(TwoResources.ALPHA, KeySlot.PRIMARY);
    var expected = List.of(200, 200, 401, 200, 200, 401);
    for (var i = 0; i < ROUTES.size(); i++) {
      assertEquals(
          expected.get(i), ask(signer.sign(RawRequest.get(ROUTES.get(i)))).status(), ROUTES.get(i));
      assertEquals(401, get(ROUTES.get(i)).status());
    }
  }

  @Test
  void aMissingScopeIsExplainedInTheLogOnly() throws IOException {
    try (var log = new CapturedLog(Dispatch.class)) {
      var reply = ask(RawRequest.get("/users").with("Authorization: Bearer caller"));
      assertEquals(403, reply.status());
      assertEquals("Forbidden", reply.code());
      assertTrue(log.text().contains("needs one of"), log::text);
      assertTrue(log.text().contains("VOIP"), log::text);
      assertTrue(!reply.text().contains("VOIP"), reply::text);
    }
  }

  @Test
  void theTokenMayFollowManyBlanksAndAnyCaseOfItsScheme() throws IOException {
    for (var header : List.of("bearer chatter", "BEARER   chatter", "Bearer chatter  ")) {
      assertEquals(
          200, ask(RawRequest.get("/users").with("Authorization: " + header)).status(), header);
    }
    for (var header : List.of("Bearer", "Bearer ", "Bearerchatter", "chatter", "")) {
      var reply = ask(RawRequest.get("/users").with("Authorization: " + header));
      assertEquals(401, reply.status(), header);
      assertEquals("Unauthorized", reply.code());
    }
  }

  @Test
  void theOperatorsListenerServesOwnOperationsOnly() throws IOException {
    try (var client = RawClient.plain(edge.server.controlPort())) {
      var operator = "Authorization: Bearer " + EdgeFixture.OPERATOR;
      for (var path : List.of("/parley/things", "/parley/house")) {
        assertEquals(
            200, client.send(RawRequest.get(path).with(operator).bytes()).reply().status());
        assertEquals(401, client.send(RawRequest.get(path).bytes()).reply().status());
        var wrong = RawRequest.get(path).with("Authorization: Bearer x");
        assertEquals(401, client.send(wrong.bytes()).reply().status());
        var signer = edge.signer(TwoResources.ALPHA, KeySlot.PRIMARY);
        assertEquals(401, client.send(signer.sign(RawRequest.get(path)).bytes()).reply().status());
      }
      for (var path : List.of("/users", "/keys/x", "/echo/x", "/health/live")) {
        assertEquals(
            404, client.send(RawRequest.get(path).with(operator).bytes()).reply().status());
      }
    }
  }

  @Test
  void aNewerVersionIsServedAsTheNewestKnown() throws IOException {
    for (var version : List.of("2021-01-01", "2022-02-02-preview", "2023-03-03")) {
      assertEquals(version, get("/versioned?api-version=" + version).text());
    }
    for (var version : List.of("2023-03-04", "2030-01-01-preview.2", "9999-12-31")) {
      assertEquals("2023-03-03", get("/versioned?api-version=" + version).text());
    }
    assertEquals(
        "2021-01-01, 2022-02-02-preview, 2023-03-03",
        get("/versioned?api-version=2021-01-01").header("api-supported-versions"));
  }

  @Test
  void aVersionThatIsNoneIsRefusedInTheServicesWords() throws IOException {
    for (var query : List.of("", "?", "?apiversion=2021-01-01", "?API-VERSION=2021-01-01")) {
      var reply = get("/versioned" + query);
      assertEquals(400, reply.status());
      assertEquals("MissingApiVersionParameter", reply.code());
    }
    for (var version :
        List.of(
            "",
            "latest",
            "2020-01-01",
            "2022-02-02",
            "2030-13-01",
            "2030-1-1",
            "2030-01-01-",
            "2030-01-01-" + "x".repeat(40))) {
      var reply = get("/versioned?api-version=" + version);
      assertEquals(400, reply.status(), version);
      assertEquals("InvalidApiVersionParameter", reply.code());
      assertTrue(reply.text().contains("'2021-01-01,2022-02-02-preview,2023-03-03'"));
    }
  }

  @Test
  void aRepeatIdIsTakenAsTheContractHasIt() throws IOException {
    var uuid = "8d7a1b3e-0000-4000-8000-000000000001";
    var date = "Repeatability-First-Sent: Tue, 24 Nov 2026 10:00:00 GMT";
    var id = "Repeatability-Request-ID: " + uuid;
    assertEquals(uuid, repeat("REQUEST_ID", id).text());
    assertEquals("any text", repeat("REQUEST_ID", "repeatability-request-id: any text").text());
    assertEquals(uuid, repeat("REQUEST_ID_AND_DATE", id, date).text());
    assertEquals("no id", repeat("NONE", id, date).text());
    assertEquals("no id", repeat("NATURAL", id, date).text());
    assertEquals("no id", repeat("REQUEST_ID").text());
    assertEquals("no id", repeat("REQUEST_ID_AND_DATE").text());
    for (var lines :
        List.of(
            List.of(id),
            List.of(date),
            List.of(id, "Repeatability-First-Sent: yesterday"),
            List.of("Repeatability-Request-ID: x", date))) {
      var reply = repeat("REQUEST_ID_AND_DATE", lines.toArray(String[]::new));
      assertEquals(400, reply.status(), lines.toString());
      assertEquals("BadRequest", reply.code());
    }
    assertEquals(
        400, repeat("REQUEST_ID", "repeatability-request-id: " + "x".repeat(129)).status());
  }

  private RawReply repeat(String kind, String... lines) throws IOException {
    return ask(RawRequest.post("/repeat/" + kind, "").with(lines));
  }

  @Test
  void parametersAreWhatTheySayTheyAre() throws IOException {
    var reply = get("/numbers?n=10&t=2026-11-24T10:00:00%2B01:00&q=a+b%2Bc%20d");
    assertEquals("10", reply.json().path("n").asText());
    assertEquals("2026-11-24T09:00:00Z", reply.json().path("t").asText());
    assertEquals("a b+c d", reply.json().path("q").asText());
    for (var query :
        List.of(
            "n=0",
            "n=11",
            "n=x",
            "n=",
            "n=1.0",
            "n=99999999999",
            "t=",
            "t=today",
            "t=2026-11-24T10:00:00",
            "t=%2B10000-01-01T00:00:00Z",
            "t=-0001-01-01T00:00:00Z")) {
      var refused = get("/numbers?" + query);
      assertEquals(400, refused.status(), query);
      assertEquals("BadRequest", refused.code());
      assertEquals(query.substring(0, 1), refused.json().at("/error/target").asText());
    }
  }

  @Test
  void aPagingLinkBelongsToItsList() throws IOException {
    var link = get("/list/a%40b?top=1&api-version=2021-01-01").json().path("nextLink").asText();
    var start = "https://alpha.example:9443/list/a%40b?top=1&skip=";
    assertTrue(link.startsWith(start), link);
    assertTrue(link.endsWith("&api-version=2021-01-01"), link);
    var rest = link.substring("https://alpha.example:9443".length());
    assertEquals("at=7&é", get(rest).json().path("position").asText());
    assertEquals("at=7&é", get(rest.replace("%40", "@")).json().path("position").asText());
    var beta = RawRequest.get(rest).host("beta.communication.localhost");
    assertEquals(400, ask(beta).status());
    for (var other : List.of("/list/c?", "/list/a%40b/more?", "/other/a%40b?")) {
      var reply = get(other + rest.substring(rest.indexOf('?') + 1));
      assertEquals(400, reply.status(), other);
      assertEquals("The paging link is not valid.", reply.json().at("/error/message").asText());
    }
  }

  @Test
  void aRouteThatIsNotCompleteDoesNotStart() {
    Handler handler = _ -> Response.empty(204);
    var callers = Set.of(Callers.USER);
    var scopes = Set.of(Scope.CHAT);
    assertIncomplete("x", "Op", callers, scopes, "b", "c", 0, handler);
    assertIncomplete("/x", " ", callers, scopes, "b", "c", 0, handler);
    assertIncomplete("/x", "Op", Set.of(), Set.of(), "b", "c", 0, handler);
    assertIncomplete("/x", "Op", callers, Set.of(), "b", "c", 0, handler);
    assertIncomplete("/x", "Op", Set.of(Callers.KEY_HOLDER), scopes, "b", "c", 0, handler);
    assertIncomplete("/x", "Op", callers, scopes, "", "c", 0, handler);
    assertIncomplete("/x", "Op", callers, scopes, "b", "", 0, handler);
    assertIncomplete("/x", "Op", callers, scopes, "b", "c", -1, handler);
  }

  private static void assertIncomplete(
      String path,
      String operation,
      Set<Callers> callers,
      Set<Scope> scopes,
      String bucket,
      String category,
      int bytes,
      Handler handler) {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Route(
                Method.GET,
                path,
                operation,
                callers,
                scopes,
                ApiVersions.NONE,
                bucket,
                category,
                Idempotency.NATURAL,
                bytes,
                handler));
  }

  @Test
  void jsonIsCheckedBeforeAHandlerSeesIt() throws IOException {
    for (var body :
        Map.of(
                "{\"name\":\"a\",\"more\":[{}]}", "a",
                "{\"name\":\"\\ud83d\\udc4b\"}", "\ud83d\udc4b",
                "{\"name\":\"\\\\ud800\"}", "\\ud800",
                " {\"name\":\"\\\"\\u005c\"} ", "\"\\")
            .entrySet()) {
      var reply = ask(json(body.getKey()));
      assertEquals(200, reply.status(), body.getKey());
      assertEquals(body.getValue(), reply.json().path("name").asText());
    }
    for (var body :
        List.of(
            "{",
            "null",
            "[]",
            "5",
            "{\"size\":\"x\"}",
            "{\"size\":99999999999}",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":\"\\ud800x\"}",
            "{\"name\":\"\\udc00\"}",
            "{\"name\":\"\\ud800\\u0041\"}",
            "{\"name\":\"\\u00\"}",
            "{\"name\":\"\\u0000\"}",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{} {}")) {
      var reply = ask(json(body));
      assertEquals(400, reply.status(), body);
      assertEquals("BadRequest", reply.code());
    }
    assertEquals(200, ask(RawRequest.post("/json", "")).status());
    assertEquals(415, ask(RawRequest.post("/json", "{}")).status());
    var patch = json("{}").method("PATCH");
    assertEquals(200, ask(patch).status());
    var merge = RawRequest.post("/json", "{}").with("Content-Type: application/merge-patch+json");
    assertEquals(415, ask(merge).status());
    assertEquals(200, ask(merge.method("PATCH")).status());
  }

  private static RawRequest json(String body) {
    return RawRequest.post("/json", body).with("Content-Type: application/json");
  }
}
