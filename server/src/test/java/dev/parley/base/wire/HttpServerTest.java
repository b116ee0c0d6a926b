package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections, requests byte by byte, and answers to what is broken. */
class HttpServerTest extends EdgeTest {
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  @Test
  void aConnectionServesManyRequests() throws IOException {
    try (var client = edge.client()) {
      for (var i = 0; i < 50; i++) {
        var reply = client.send(RawRequest.get("/echo/" + i).bytes()).reply();
        assertEquals(Integer.toString(i), reply.json().path("id").asText());
        assertEquals("", reply.header("connection"));
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var all = new ByteArrayOutputStream();
    var sizes = new int[100];
    for (var i = 0; i < sizes.length; i++) {
      sizes[i] = random.nextInt(200);
      all.writeBytes(RawRequest.post("/echo/" + i, "x".repeat(sizes[i])).bytes());
    }
    try (var client = edge.client()) {
      client.send(all.toByteArray());
      for (var i = 0; i < sizes.length; i++) {
        var reply = client.reply().json();
        assertEquals(Integer.toString(i), reply.path("id").asText());
        assertEquals(sizes[i], reply.path("bytes").asInt());
      }
    }
  }

  @Test
  void whoeverPipelinesWithoutEndIsCutOff() throws IOException {
    var one = RawRequest.get("/echo/flood").bytes();
    try (var client = RawClient.plain(edge.server.plainPort())) {
      for (var i = 0; i < 10_000; i++) {
        client.send(one);
      }
      client.end();
    } catch (SocketException _) {
      // Cut off while sending.
    }
    assertEquals(200, get("/echo/a").status());
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    try (var client = edge.client()) {
      for (var octet : RawRequest.post("/echo/slowly", "0123456789").bytes()) {
        client.send(new byte[] {octet});
      }
      var reply = client.reply().json();
      assertEquals(10, reply.path("bytes").asInt());
      assertEquals(
          Signer.sha256("0123456789".getBytes(StandardCharsets.UTF_8)),
          reply.path("hash").asText());
    }
  }

  @Test
  void aChunkedBodyIsPutTogether() throws IOException {
    try (var client = edge.client()) {
      client.send(
          chunked("5;name=value\r\nabcde\r\n1A\r\n" + "f".repeat(26) + "\r\n0\r\nX-T: 1\r\n\r\n"));
      var reply = client.reply().json();
      assertEquals(31, reply.path("bytes").asInt());
      var body = "abcde" + "f".repeat(26);
      assertEquals(
          Signer.sha256(body.getBytes(StandardCharsets.UTF_8)), reply.path("hash").asText());
      assertEquals(200, client.send(RawRequest.get("/echo/next").bytes()).reply().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nabcde\r\nzz\r\nabc\r\n0\r\n\r\n",
        "-1\r\nabcde\r\n0\r\n\r\n",
        "5\r\nabcdefgh\r\n0\r\n\r\n",
        "FFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
        "5\r\nabcde\r\n0\r\nBroken Trailer\u0000: x\r\n\r\n",
      })
  void aBrokenChunkIsNoEndOfABody(String body) throws IOException {
    var before = edge.routes.echoes.get();
    try (var client = edge.client()) {
      client.send(chunked(body));
      assertEquals(400, client.reply().status());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
    assertEquals(before, edge.routes.echoes.get(), "A handler saw half a body.");
  }

  private static String chunked(String body) {
    return "POST /echo/chunked HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        + body;
  }

  @Test
  void whoeverAsksBeforeTheBodyIsToldToContinue() throws IOException {
    try (var client = edge.client()) {
      var request = RawRequest.post("/echo/ask", "body").with("Expect: 100-continue").bytes();
      var body = request.length - 4;
      client.send(Arrays.copyOf(request, body));
      assertEquals(100, client.reply().status());
      client.send(Arrays.copyOfRange(request, body, request.length));
      assertEquals(4, client.reply().json().path("bytes").asInt());
    }
  }

  @ParameterizedTest
  @CsvSource({"/echo/ask, 2000000, 413", "/nowhere, 20, 404"})
  void aBodyThatWouldBeRefusedIsNotAskedFor(String path, int length, int status)
      throws IOException {
    var head = RawRequest.post(path, "").with("Content-Length: " + length, "Expect: 100-continue");
    try (var client = edge.client()) {
      assertEquals(status, client.send(head.bytes()).reply().status());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
  }

  @Test
  void theAnswerAfterAContinueKeepsItsBody() throws IOException {
    // The encoder remembers which answers are to HEAD; a 100 must not take one of its places.
    try (var client = RawClient.plain(edge.server.plainPort())) {
      var post = RawRequest.post("/echo/first", "body").with("Expect: 100-continue").bytes();
      var head = RawRequest.get("/echo/second").method("HEAD").bytes();
      var both = Arrays.copyOf(post, post.length + head.length);
      System.arraycopy(head, 0, both, post.length, head.length);
      client.send(both);
      assertEquals(100, client.reply().status());
      assertEquals("first", client.reply().json().path("id").asText());
      assertEquals(405, client.replyToHead().status());
      assertEquals(200, client.send(RawRequest.get("/echo/third").bytes()).reply().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "DELETE", "OPTIONS", "TRACE", "get", "BREW"})
  void anotherMethodIsToldTheRightOnes(String method) throws IOException {
    try (var client = edge.client()) {
      client.send(RawRequest.get("/echo/a").method(method).bytes());
      var reply = method.equals("HEAD") ? client.replyToHead() : client.reply();
      assertEquals(405, reply.status());
      assertEquals("GET, POST, PUT", reply.header("allow"));
      assertEquals(200, client.send(RawRequest.get("/echo/b").bytes()).reply().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/echo",
        "/echo/",
        "/echo/a/",
        "/echo/a/b",
        "/Echo/a",
        "/echo//a",
        "/e%63ho2/a"
      })
  void anUnknownPathIsNotFound(String path) throws IOException {
    var reply = get(path);
    assertEquals(404, reply.status());
    assertEquals("NotFound", reply.code());
    assertEquals("", reply.header("allow"));
  }

  @Test
  void aBodyAboveTheRoutesBoundIsRefusedAndTheConnectionStaysUsable() throws IOException {
    var before = edge.routes.echoes.get();
    try (var client = edge.client()) {
      client.send(RawRequest.post("/echo/large", "").body(new byte[10 << 20]).bytes());
      var reply = client.reply();
      assertEquals(413, reply.status());
      assertEquals("RequestEntityTooLarge", reply.code());
      assertEquals(before, edge.routes.echoes.get());
      assertEquals(200, client.send(RawRequest.get("/echo/next").bytes()).reply().status());
    }
  }

  @Test
  void aBodyOfTheRoutesBoundIsTakenAndOneByteMoreIsNot() throws IOException {
    var request = RawRequest.post("/echo/edge", "");
    assertEquals(200, ask(request.body(new byte[Route.JSON_BYTES_MAX])).status());
    assertEquals(413, ask(request.body(new byte[Route.JSON_BYTES_MAX + 1])).status());
  }

  @Test
  void anEndlessChunkedBodyIsRefused() throws IOException {
    var chunk = "10000\r\n" + "x".repeat(1 << 16) + "\r\n";
    try (var client = edge.client()) {
      client.send(chunked(""));
      for (var i = 0; i < 40; i++) {
        client.send(chunk);
      }
      client.send("0\r\n\r\n");
      assertEquals(413, client.reply().status());
      assertEquals(200, client.send(RawRequest.get("/echo/next").bytes()).reply().status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "40000, 414, RequestUriTooLong",
    "1000000, 414, RequestUriTooLong",
  })
  void aTargetTooLongIsRefused(int characters, int status, String code) throws IOException {
    try (var client = edge.client()) {
      client.send(RawRequest.get("/echo/" + "a".repeat(characters)).bytes());
      var reply = client.reply();
      assertEquals(status, reply.status());
      assertEquals(code, reply.code());
      assertEquals("close", reply.header("connection"));
      assertEquals(RawClient.End.CLEAN, client.end());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 1_000_000})
  void headersTooLargeAreRefused(int characters) throws IOException {
    try (var client = edge.client()) {
      client.send(RawRequest.get("/echo/a").with("X-Large: " + "a".repeat(characters)).bytes());
      var reply = client.reply();
      assertEquals(431, reply.status());
      assertEquals("RequestHeadersTooLarge", reply.code());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
  }

  @Test
  void headersUpToTheBoundAreTaken() throws IOException {
    assertEquals(
        200, ask(RawRequest.get("/echo/a").with("X-Large: " + "a".repeat(31 << 10))).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: 5, 5\r\n\r\nabcde",
        "Content-Length: -5\r\n\r\nabcde",
        "Content-Length: +5\r\n\r\nabcde",
        "Content-Length: 5x\r\n\r\nabcde",
        "Content-Length: 99999999999999999999\r\n\r\nabcde",
        "Transfer-Encoding: identity\r\n\r\nGET /echo/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\nGET /echo/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Bad Name: x\r\n\r\n",
        "No-Colon\r\n\r\n",
        ": no name\r\n\r\n",
        "X-Nul: a\u0000b\r\n\r\n",
      })
  void aRequestThatCouldBeReadInTwoWaysIsRefusedAndTheConnectionCloses(String rest)
      throws IOException {
    var before = edge.routes.echoes.get();
    try (var client = edge.client()) {
      client.send("POST /echo/two HTTP/1.1\r\nHost: localhost\r\n" + rest);
      var reply = client.reply();
      assertEquals(400, reply.status());
      assertEquals("BadRequest", reply.code());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
    assertEquals(before, edge.routes.echoes.get(), "A handler saw the request.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /echo/a\r\n\r\n",
        "GET /echo/a HTTP/1.1 extra\r\n\r\n",
        "GET /echo/a FTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /ec ho/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "G\u0000T /echo/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  void aBrokenRequestLineIsRefused(String text) throws IOException {
    try (var client = edge.client()) {
      var reply = client.send(text).reply();
      assertEquals(400, reply.status());
      assertEquals("BadRequest", reply.code());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/echo/%00",
        "/echo/a%00b",
        "/echo/%c3%28",
        "/echo/%ff",
        "/echo/%ed%a0%80",
        "/echo/%zz",
        "/echo/%4",
        "/echo/%",
        "/echo/a?q=%00",
        "/echo/a?q=%ff",
        "/echo/a?%zz=1",
        "/echo/a#fragment",
        "echo/a",
        "*",
        "http://localhost/echo/a",
      })
  void aBrokenTargetIsRefused(String target) throws IOException {
    var reply = get(target);
    assertEquals(400, reply.status());
    assertEquals("BadRequest", reply.code());
  }

  @ParameterizedTest
  @CsvSource({
    "/echo/8%3Aacs%3A1_2, 8:acs:1_2",
    "/echo/8:acs:1_2, 8:acs:1_2",
    "/echo/19:acsV1_x-y@thread.v2, 19:acsV1_x-y@thread.v2",
    "/echo/+15550100, +15550100",
    "/echo/%2B15550100, +15550100",
    "/echo/a%2Fb, a/b",
    "/echo/a%20b, a b",
    "/echo/a%252Fb, a%2Fb",
    "/echo/%C3%A9, é",
    "/echo/é, é",
    "/echo/%F0%9F%98%80, 😀",
    "/%65cho/%61, a",
    "//echo/a, a",
    "///echo/a, a",
    "//chat/echo/a, a",
    "/echo/..%2F..%2Fetc, ../../etc",
  })
  void aPathIsDecodedOnceAndAPlusStaysAPlus(String path, String id) throws IOException {
    assertEquals(id, get(path).json().path("id").asText());
  }

  @Test
  void aLiteralSegmentWinsOverAParameter() throws IOException {
    assertEquals("literal", get("/echo/named/:act").text());
    assertEquals("other", get("/echo/other/:act").json().path("id").asText());
    assertEquals("named", get("/echo/named").json().path("id").asText());
  }

  @Test
  void theHostNameChoosesTheResource() throws IOException {
    var request = RawRequest.get("/echo/a");
    for (var host :
        List.of(
            "localhost",
            "LOCALHOST:8443",
            "127.0.0.1:1",
            "[::1]:8443",
            "[::1]",
            "alpha.communication.localhost")) {
      assertEquals("alpha", ask(request.host(host)).json().path("resource").asText());
    }
    var beta = ask(request.host("Beta.communication.localhost:443"));
    assertEquals("beta", beta.json().path("resource").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"elsewhere.example", "", ":8443", "[::1", "localhost.evil.example"})
  void anUnknownHostHasNoResource(String host) throws IOException {
    var reply = ask(RawRequest.get("/echo/a").host(host));
    assertEquals(404, reply.status());
    assertEquals("ResourceNotFound", reply.code());
    assertFalse(reply.text().contains("example"));
  }

  @Test
  void aProberNeedsNoKnownHostName() throws IOException {
    assertEquals("live\n", ask(RawRequest.get("/health/live").host("10.1.2.3:8443")).text());
  }

  @Test
  void twoHostNamesAreOneTooMany() throws IOException {
    var reply = ask(RawRequest.get("/echo/a").with("Host: localhost"));
    assertEquals(400, reply.status());
    assertEquals("BadRequest", reply.code());
  }

  @Test
  void aRequestWithoutAHostIsRefused() throws IOException {
    try (var client = edge.client()) {
      assertEquals(400, client.send("GET /echo/a HTTP/1.1\r\n\r\n").reply().status());
    }
  }

  @Test
  void theResourcesOwnPortNeedsNoHostName() throws IOException {
    try (var other = edgeWith(Map.of())) {
      var port = other.server.open(TwoResources.BETA.id(), 0);
      other.resources.listens(TwoResources.BETA, port);
      try (var client = other.tls(port)) {
        client.send(RawRequest.get("/echo/a").host("localhost").bytes());
        assertEquals("beta", client.reply().json().path("resource").asText());
        client.send(RawRequest.get("/echo/a").with("Host: second").bytes());
        assertEquals(400, client.reply().status());
      }
      other.server.close(TwoResources.BETA.id());
    }
  }

  @Test
  void everyAnswerNamesItsRequest() throws IOException {
    var reply = ask(RawRequest.get("/echo/a").with("x-ms-client-request-id: 5f1c-my_request's"));
    assertTrue(reply.header("x-ms-request-id").matches(UUID), reply.header("x-ms-request-id"));
    assertEquals("5f1c-my_request's", reply.header("x-ms-client-request-id"));
    assertTrue(reply.header("ms-cv").matches("[0-9a-f]{16}\\.0"), reply.header("ms-cv"));
    assertEquals("nosniff", reply.header("x-content-type-options"));
    var date = ZonedDateTime.parse(reply.header("date"), DateTimeFormatter.RFC_1123_DATE_TIME);
    assertTrue(Duration.between(date.toInstant(), Instant.now()).abs().toSeconds() < 5);
    assertNotEquals(reply.header("x-ms-request-id"), get("/echo/a").header("x-ms-request-id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "a\tb", "é", ""})
  void aClientsOddRequestIdIsNotEchoed(String id) throws IOException {
    var reply = ask(RawRequest.get("/echo/a").with("x-ms-client-request-id: " + id));
    assertEquals("", reply.header("x-ms-client-request-id"));
  }

  @Test
  void aClientsLongRequestIdIsNotEchoed() throws IOException {
    var request = RawRequest.get("/echo/a");
    var longest = "i".repeat(128);
    assertEquals(
        longest,
        ask(request.with("x-ms-client-request-id: " + longest)).header("x-ms-client-request-id"));
    assertEquals(
        "",
        ask(request.with("x-ms-client-request-id: i" + longest)).header("x-ms-client-request-id"));
  }

  @Test
  void aRefusalHasTheEnvelopeOfTheContracts() throws IOException {
    var reply = get("/refuses");
    assertEquals(409, reply.status());
    assertEquals(
        "{\"error\":{\"code\":\"Conflict\",\"message\":\"What is wrong.\",\"target\":\"a\",\"details\":"
            + "[{\"code\":\"Inner\",\"message\":\"What is wrong inside.\",\"target\":\"a.b\"}]}}",
        reply.text());
    assertEquals("application/json; charset=utf-8", reply.header("content-type"));
    assertEquals("Conflict", reply.header("x-ms-error-code"));
    assertEquals("7", reply.header("retry-after"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fails", "/overflows", "/broken-header"})
  void ourOwnBugIsA500ThatTellsNothing(String path) throws IOException {
    try (var client = edge.client()) {
      var reply = client.send(RawRequest.get(path).bytes()).reply();
      assertEquals(500, reply.status());
      assertEquals(
          "{\"error\":{\"code\":\"InternalServerError\",\"message\":\"The server could not handle the request.\"}}",
          reply.text());
      assertTrue(reply.header("x-ms-request-id").matches(UUID));
      assertEquals("", reply.header("x-two"));
      assertFalse(reply.headers().toString().contains("private"));
      assertEquals(200, client.send(RawRequest.get("/echo/next").bytes()).reply().status());
    }
  }

  @Test
  void aStoreThatIsAwayIsA503ToBeTriedAgain() throws IOException {
    var reply = get("/unavailable");
    assertEquals(503, reply.status());
    assertEquals("ServiceUnavailable", reply.code());
    assertEquals("1", reply.header("retry-after"));
    assertFalse(reply.text().contains("private"));
  }

  @Test
  void anEmptyAnswerHasNoBody() throws IOException {
    try (var client = edge.client()) {
      var reply = client.send(RawRequest.get("/empty").method("DELETE").bytes()).reply();
      assertEquals(204, reply.status());
      assertEquals("", reply.header("content-length"));
      assertEquals("", reply.header("content-type"));
      assertEquals(200, client.send(RawRequest.get("/echo/next").bytes()).reply().status());
    }
  }

  @Test
  void aClientThatWantsToCloseIsClosed() throws IOException {
    try (var client = edge.client()) {
      var reply = client.send(RawRequest.get("/echo/a").with("Connection: close").bytes()).reply();
      assertEquals("close", reply.header("connection"));
      assertEquals(RawClient.End.CLEAN, client.end());
    }
    try (var client = edge.client()) {
      client.send("GET /echo/a HTTP/1.0\r\nHost: localhost\r\n\r\n");
      assertEquals(200, client.reply().status());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
    try (var client = edge.client()) {
      client.send("GET /echo/a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
      assertEquals("keep-alive", client.reply().header("connection"));
      assertEquals(200, client.send(RawRequest.get("/echo/b").bytes()).reply().status());
    }
  }

  @Test
  void aLargeAnswerArrivesWhole() throws IOException {
    assertEquals(4 << 20, get("/large").body().length);
  }

  @Test
  void aRequestCutShortReachesNoHandler() throws IOException {
    var before = edge.routes.echoes.get();
    for (var bytes :
        List.of(
            RawRequest.post("/echo/cut", "0123456789").bytes(),
            chunked("5\r\nabcde\r\n").getBytes(StandardCharsets.UTF_8))) {
      try (var client = RawClient.plain(edge.server.plainPort())) {
        client.send(Arrays.copyOf(bytes, bytes.length - 1)).sendEnd();
        client.end();
      }
    }
    assertEquals(before, edge.routes.echoes.get());
  }

  @Test
  void aClientThatStopsSendingIsClosedToo() throws IOException {
    for (var client : List.of(RawClient.plain(edge.server.plainPort()), edge.client())) {
      try (client) {
        client.send(RawRequest.get("/echo/a").bytes()).reply();
        client.sendEnd();
        assertEquals(RawClient.End.CLEAN, client.end());
      }
    }
  }

  @Test
  void whoeverSendsTooSlowlyIsClosed() throws IOException {
    try (var hasty = edgeWith(Map.of("http.request-time", "0.3s"))) {
      try (var silent = hasty.client();
          var plain = RawClient.plain(hasty.server.plainPort());
          var head = hasty.client();
          var body = hasty.client()) {
        head.send("GET /echo/a HTTP/1.1\r\nHost: loc");
        body.send("POST /echo/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
        for (var client : List.of(silent, plain, head, body)) {
          assertEquals(RawClient.End.CLEAN, client.end());
        }
      }
      assertEquals(4, hasty.registry.counter("parley.http.connections.timed.out").count());
    }
  }

  @Test
  void whoeverNeverFinishesTheHandshakeIsClosed() throws IOException {
    try (var hasty = edgeWith(Map.of("http.request-time", "0.3s"));
        var client = RawClient.plain(hasty.server.mainPort())) {
      client.send(new byte[] {22, 3, 1});
      client.end();
    }
  }

  @Test
  void aHandlerMayTakeLongerThanASender() throws Exception {
    try (var hasty = edgeWith(Map.of("http.request-time", "0.3s", "http.idle-time", "0.3s"));
        var client = hasty.client();
        var silent = hasty.client()) {
      client.send(RawRequest.post("/held/a", "").bytes());
      assertEquals("a", hasty.routes.held.poll(10, TimeUnit.SECONDS));
      // By the time that the silent one is closed, the other's time would be over too.
      silent.end();
      hasty.routes.release.countDown();
      assertEquals("a", client.reply().text());
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    try (var hasty = edgeWith(Map.of("http.idle-time", "0.3s"));
        var client = hasty.client()) {
      assertEquals(200, client.send(RawRequest.get("/echo/a").bytes()).reply().status());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
  }

  @Test
  void whoeverDoesNotTakeItsAnswerIsCutOff() throws IOException {
    try (var hasty = edgeWith(Map.of("http.request-time", "0.3s"));
        var client = hasty.client()) {
      var request = RawRequest.get("/large").bytes();
      for (var i = 0; i < 8; i++) {
        client.send(request);
      }
      // Two silent ones, one after the other, measure the time that the client has.
      for (var i = 0; i < 2; i++) {
        try (var silent = hasty.client()) {
          silent.end();
        }
      }
      client.end();
      assertEquals(3, hasty.registry.counter("parley.http.connections.timed.out").count());
    }
  }

  @Test
  void connectionsAboveTheBoundAreTurnedAwayUntilOneEnds() throws IOException {
    try (var small = edgeWith(Map.of("http.connections-max", "2"));
        var second = RawClient.plain(small.server.plainPort())) {
      try (var first = small.client()) {
        assertEquals(200, first.send(RawRequest.get("/echo/a").bytes()).reply().status());
        assertEquals(200, second.send(RawRequest.get("/echo/a").bytes()).reply().status());
        try (var third = RawClient.plain(small.server.plainPort())) {
          third.end();
        }
        first.send(RawRequest.get("/echo/a").with("Connection: close").bytes());
        first.reply();
        assertEquals(RawClient.End.CLEAN, first.end());
      }
      assertEquals(1, small.registry.counter("parley.http.connections.turned.away").count());
      assertTrue(isServed(small), "The place of the first one is free again.");
    }
  }

  /** The count of connections falls a moment after the client sees the end. */
  private static boolean isServed(EdgeFixture edge) throws IOException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < end) {
      try (var client = RawClient.plain(edge.server.plainPort())) {
        return client.send(RawRequest.get("/echo/a").bytes()).reply().status() == 200;
      } catch (IOException _) {
        Thread.onSpinWait();
      }
    }
    return false;
  }
}
