package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.KeySlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests signed with an access key, rightly and in every wrong way (sdk-transport.md section 2).
 */
class HmacTest extends EdgeTest {
  private static final String TARGET = "/keys/8:acs:x";

  private Signer primary() {
    return edge.signer(TwoResources.ALPHA, KeySlot.PRIMARY);
  }

  private void assertPassed(String who, RawRequest request) throws IOException {
    var reply = ask(request);
    assertEquals(200, reply.status(), reply::text);
    assertEquals(who, reply.text());
  }

  /** Refused with the service's code, explained in the log and not in the answer. */
  private void assertDenied(String why, RawRequest request) throws IOException {
    try (var log = new CapturedLog(Dispatch.class)) {
      var reply = ask(request);
      assertEquals(401, reply.status(), reply::text);
      assertEquals("Denied", reply.code());
      assertEquals("Denied", reply.header("x-ms-error-code"));
      assertEquals("HMAC-SHA256, Bearer", reply.header("www-authenticate"));
      assertTrue(log.text().contains(why), log::text);
      assertTrue(log.text().contains("status=\"401\""), log::text);
      assertFalse(reply.text().contains("string to sign was"), reply::text);
    }
  }

  @Test
  void bothKeysSign() throws IOException {
    assertPassed("alpha key PRIMARY", primary().sign(RawRequest.get(TARGET)));
    var secondary = edge.signer(TwoResources.ALPHA, KeySlot.SECONDARY);
    assertPassed("alpha key SECONDARY", secondary.sign(RawRequest.get(TARGET)));
    assertPassed("alpha key PRIMARY", primary().sign(RawRequest.post(TARGET, "{\"a\":1}")));
  }

  @Test
  void theKeyThatUserTokensHaveSignsNoRequests() throws IOException {
    var principal = edge.signer(TwoResources.ALPHA, KeySlot.PRINCIPAL);
    assertDenied("gives this signature", principal.sign(RawRequest.get(TARGET)));
  }

  @Test
  void anotherResourcesKeyIsWrong() throws IOException {
    var beta = edge.signer(TwoResources.BETA, KeySlot.PRIMARY);
    assertDenied("no key of resource alpha", beta.sign(RawRequest.get(TARGET)));
    var there = RawRequest.get(TARGET).host("beta.communication.localhost");
    assertPassed("beta key PRIMARY", beta.sign(there));
    assertDenied("no key of resource beta", primary().sign(there));
  }

  @Test
  void aRegeneratedKeyIsWrong() throws IOException {
    var old = edge.signer(TwoResources.BETA, KeySlot.SECONDARY);
    var request = RawRequest.get(TARGET).host("beta.communication.localhost");
    assertPassed("beta key SECONDARY", old.sign(request));
    edge.resources.rotate(TwoResources.BETA, KeySlot.SECONDARY);
    assertDenied("gives this signature", old.sign(request));
  }

  @Test
  void theHostIsTakenAsReceived() throws IOException {
    for (var host : List.of("localhost", "localhost:8443", "LOCALHOST", "127.0.0.1:1", "[::1]:9")) {
      assertPassed("alpha key PRIMARY", primary().sign(RawRequest.get(TARGET).host(host)));
    }
    var signed = primary().sign(RawRequest.get(TARGET).host("localhost:8443"));
    assertDenied("gives this signature", signed.host("localhost"));
  }

  @Test
  void theQueryIsSignedAsSentOrAsAForm() throws IOException {
    var sent = TARGET + "?name=New%20York%27s%20~*()%20x&b=&c";
    assertPassed("alpha key PRIMARY", primary().sign(RawRequest.get(sent)));
    var form = TARGET + "?name=New+York%27s+%7E*%28%29+x&b=&c=";
    assertPassed("alpha key PRIMARY", primary().sign(RawRequest.get(sent), form));
    assertDenied("gives this signature", primary().sign(RawRequest.get(sent), TARGET));
    assertDenied(
        "gives this signature", primary().sign(RawRequest.get(sent), sent.replace("c", "d")));
  }

  @Test
  void thePathIsSignedAsItStandsOnTheWire() throws IOException {
    for (var path : List.of("/keys/+1555", "/keys/%2B1555", "/keys/8%3Aacs%3Ax/:act", "//keys/x")) {
      assertPassed("alpha key PRIMARY", primary().sign(RawRequest.get(path)));
    }
    var encoded = RawRequest.get("/keys/8%3Aacs");
    assertDenied("gives this signature", primary().sign(encoded, "/keys/8:acs"));
  }

  @Test
  void theDateHeaderIsTheSignedOne() throws IOException {
    var request = RawRequest.get(TARGET);
    assertPassed("alpha key PRIMARY", request.with(primary().headers(request, TARGET, "date")));
    assertPassed(
        "alpha key PRIMARY",
        request
            .with(primary().headers(request, TARGET, "date"))
            .with("x-ms-date: Thu, 01 Jan 1970 00:00:00 GMT"));
    assertDenied(
        "the header x-ms-date is there 0 times",
        request.with(
            primary().headers(request, TARGET, "x-ms-date").stream()
                .filter(line -> !line.startsWith("x-ms-date"))
                .toList()));
  }

  @Test
  void clocksMayDifferByAQuarterOfAnHour() throws IOException {
    for (var minutes : List.of(-14, 14)) {
      assertPassed("alpha key PRIMARY", at(Duration.ofMinutes(minutes)));
    }
    for (var minutes : List.of(-16, 16, -1_000_000, 1_000_000)) {
      assertDenied("15 minutes are allowed", at(Duration.ofMinutes(minutes)));
    }
  }

  private RawRequest at(Duration offset) {
    var key = edge.resources.secret(TwoResources.ALPHA, KeySlot.PRIMARY);
    return new Signer(key, Instant.now().plus(offset)).sign(RawRequest.get(TARGET));
  }

  @Test
  void aDateThatIsNoneIsMalformed() throws IOException {
    for (var date :
        List.of("", "yesterday", "2026-11-24T10:00:00Z", "Tue, 99 Nov 2026 10:00:00 GMT")) {
      var request = replaced("x-ms-date: ", "x-ms-date: " + date);
      assertDenied("no RFC 1123 date", request);
    }
  }

  @Test
  void theBodyIsWhatWasHashed() throws IOException {
    var signed = primary().sign(RawRequest.post(TARGET, "{\"a\":1}"));
    try (var log = new CapturedLog(Dispatch.class)) {
      var reply = ask(signed.body("{\"a\":2}".getBytes(StandardCharsets.UTF_8)));
      assertEquals(401, reply.status());
      assertEquals(
          "Request 'x-ms-content-sha256' differs from generated content hash.",
          reply.json().at("/error/message").asText());
      assertTrue(log.text().contains("the body of 7 bytes hashes to"), log::text);
    }
    assertDenied("hashes to", primary().sign(RawRequest.get(TARGET)).body(new byte[] {1}));
    assertDenied("hashes to", replaced("x-ms-content-sha256: ", "x-ms-content-sha256: "));
    assertDenied("hashes to", replaced("x-ms-content-sha256: ", "x-ms-content-sha256: x"));
  }

  @Test
  void everyPartIsThereOnce() throws IOException {
    var signed = primary().sign(RawRequest.get(TARGET));
    for (var name : List.of("x-ms-date", "x-ms-content-sha256")) {
      assertDenied("the header " + name + " is there 0 times", without(signed, name));
      var line =
          signed.headers().stream().filter(one -> one.startsWith(name)).findFirst().orElseThrow();
      assertDenied("the header " + name + " is there 2 times", signed.with(line));
    }
    var twice = signed.with(signed.headers().getLast());
    assertUnauthorized("there are 2 Authorization headers", twice);
    assertUnauthorized("there is no Authorization header", without(signed, "Authorization"));
  }

  private void assertUnauthorized(String why, RawRequest request) throws IOException {
    try (var log = new CapturedLog(Dispatch.class)) {
      var reply = ask(request);
      assertEquals(401, reply.status());
      assertEquals("Unauthorized", reply.code());
      assertTrue(log.text().contains(why), log::text);
    }
  }

  private static RawRequest without(RawRequest request, String name) {
    var left = new ArrayList<>(request.headers());
    left.removeIf(line -> line.startsWith(name));
    return new RawRequest(request.method(), request.target(), request.host(), left, request.body());
  }

  /** A rightly signed request with one header line replaced. */
  private RawRequest replaced(String start, String line) {
    var signed = primary().sign(RawRequest.get(TARGET));
    return without(signed, start).with(line);
  }

  @Test
  void anAuthorizationHeaderThatIsBrokenIsMalformed() throws IOException {
    var hash = "x-ms-content-sha256";
    for (var broken :
        List.of(
            "x",
            "Signature=abc",
            "SignedHeaders=x-ms-date;host;" + hash,
            "SignedHeaders=x-ms-date;host&Signature=YWJj",
            "SignedHeaders=host;" + hash + "&Signature=YWJj",
            "SignedHeaders=x-ms-date;" + hash + "&Signature=YWJj",
            "SignedHeaders=x-ms-date;host;" + hash + "&Signature=not base64!",
            "SignedHeaders=x-ms-date;host;" + hash + "&Signature=YWJj&Extra=1",
            "SignedHeaders=x-ms-date;host;" + hash + "&SignedHeaders=x&Signature=YWJj",
            "SignedHeaders=x-ms-date;host;" + hash + ";a;b;c;d;e;f;g;h;i&Signature=YWJj",
            "SignedHeaders=;;;&Signature=")) {
      assertDenied("", replaced("Authorization: ", "Authorization: HMAC-SHA256 " + broken));
    }
    assertUnauthorized(
        "another scheme", replaced("Authorization: ", "Authorization: HMAC-SHA512 x"));
    assertUnauthorized("another scheme", replaced("Authorization: ", "Authorization: Basic x"));
  }

  @Test
  void aPartThatIsThereTwiceIsMalformed() throws IOException {
    var right = primary().sign(RawRequest.get(TARGET)).headers().getLast();
    var parts = right.substring(right.indexOf("SignedHeaders=")).split("&", 2);
    for (var doubled :
        List.of(
            parts[0] + "&Signature=YWJj&" + parts[1],
            parts[0] + "&" + parts[1] + "&" + parts[1],
            parts[0] + "&" + parts[0] + "&" + parts[1])) {
      assertDenied(
          "is there twice", replaced("Authorization: ", "Authorization: HMAC-SHA256 " + doubled));
    }
  }

  @Test
  void aSignatureThatIsCutOrEmptyIsWrong() throws IOException {
    var right =
        primary().sign(RawRequest.get(TARGET)).headers().stream()
            .filter(line -> line.startsWith("Authorization"))
            .findFirst()
            .orElseThrow();
    var start = right.substring(0, right.indexOf("Signature=") + 10);
    for (var signature : List.of("", "YWJj", "A".repeat(44), "A".repeat(4000))) {
      assertDenied("gives this signature", replaced("Authorization: ", start + signature));
    }
  }

  @Test
  void moreHeadersMayBeSigned() throws IOException {
    var request = RawRequest.get(TARGET).with("x-extra: one");
    var signed = primary().sign(RawRequest.get(TARGET));
    var date = signed.headers().getFirst().substring("x-ms-date: ".length());
    var hash = Signer.sha256(new byte[0]);
    var text = "GET\n" + TARGET + "\n" + date + ";localhost;" + hash + ";one";
    assertPassed(
        "alpha key PRIMARY",
        request.with(
            "x-ms-date: " + date,
            "x-ms-content-sha256: " + hash,
            primary().authorization("x-ms-date;host;x-ms-content-sha256;x-extra", text)));
  }

  @Test
  void theStringThatTheClientSaysItSignedIsNotTrusted() throws IOException {
    var beta = edge.signer(TwoResources.BETA, KeySlot.PRIMARY);
    assertDenied(
        "gives this signature",
        beta.sign(RawRequest.get(TARGET)).with("x-ms-hmac-string-to-sign-base64: R0VU"));
  }
}
