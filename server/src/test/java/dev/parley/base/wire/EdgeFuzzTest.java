package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random damage to requests: each gets a refusal or a closed connection, and nothing is upset. */
class EdgeFuzzTest extends EdgeTest {
  private static final long NANOS = Duration.ofSeconds(4).toNanos();
  private static final List<String> WORDS =
      List.of(
          "\r\n",
          "\n",
          "\0",
          " ",
          "\t",
          ":",
          ";",
          "&",
          "=",
          "%",
          "%00",
          "%zz",
          "//",
          "/../",
          "?",
          "#",
          "Host: x\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 99999999999999999999\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: gzip\r\n",
          "Expect: 100-continue\r\n",
          "Connection: upgrade\r\n",
          "Upgrade: websocket\r\n",
          "0\r\n\r\n",
          "ffffffffffffffff\r\n",
          "HTTP/9.9",
          "PRI * HTTP/2.0",
          "\u00e9",
          "\ud83d\udc4b",
          "A".repeat(5000));

  @Override
  Map<String, String> settings() {
    // Whatever waits for more of a request is closed soon.
    return Map.of("http.request-time", "1s", "http.idle-time", "1s");
  }

  private static Random random(String name) {
    var seed = Long.getLong("parley.seed", System.nanoTime());
    System.out.println(name + ": seed " + seed + " (-Dparley.seed=" + seed + ")");
    return new Random(seed);
  }

  private List<RawRequest> rightRequests() {
    var signer = edge.signer(TwoResources.ALPHA, KeySlot.PRIMARY);
    return List.of(
        RawRequest.get("/echo/a%20b?x=y&z"),
        RawRequest.post("/echo/x", "{\"a\":[1,2,{\"b\":null}]}"),
        RawRequest.post("/json", "{\"name\":\"a\\u00e9\",\"size\":3}")
            .with("Content-Type: application/json"),
        RawRequest.get("/list/x?api-version=2023-03-03"),
        RawRequest.get("/users").with("Authorization: Bearer a.b.c"),
        signer.sign(RawRequest.post("/keys/x?a=b%20c", "{\"a\":1}")));
  }

  private static byte[] damaged(Random random, byte[] bytes) {
    var text = bytes;
    for (var times = 1 + random.nextInt(4); times > 0; times--) {
      var at = random.nextInt(text.length + 1);
      text =
          switch (random.nextInt(5)) {
            case 0 -> joined(text, at, new byte[0], Math.min(text.length, at + random.nextInt(30)));
            case 1 -> joined(text, at, octets(random, 1 + random.nextInt(8)), at);
            case 2 -> joined(text, at, word(random), at);
            case 3 -> Arrays.copyOf(text, Math.max(1, at));
            default -> joined(text, at, Arrays.copyOfRange(text, random.nextInt(at + 1), at), at);
          };
    }
    return text;
  }

  private static byte[] joined(byte[] text, int at, byte[] middle, int rest) {
    var all = new byte[at + middle.length + text.length - rest];
    System.arraycopy(text, 0, all, 0, at);
    System.arraycopy(middle, 0, all, at, middle.length);
    System.arraycopy(text, rest, all, at + middle.length, text.length - rest);
    return all;
  }

  private static byte[] octets(Random random, int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void damagedRequestsGetARefusalOrTheEndOfTheConnection() throws IOException {
    var random = random("damagedRequestsGetARefusalOrTheEndOfTheConnection");
    var requests = rightRequests();
    var end = System.nanoTime() + NANOS;
    var count = 0;
    var answers = 0;
    while (System.nanoTime() < end) {
      var bytes = damaged(random, requests.get(random.nextInt(requests.size())).bytes());
      try (var client = RawClient.plain(edge.server.plainPort())) {
        client.send(bytes).sendEnd();
        while (true) {
          var reply = client.reply();
          answers++;
          assertTrue(
              reply.status() >= 100 && reply.status() < 500,
              () -> reply.status() + " to " + shown(bytes));
        }
      } catch (EOFException | SocketException _) {
        // Closed: right for what was no request.
      } catch (SocketTimeoutException e) {
        throw new AssertionError("No end came after " + shown(bytes), e);
      }
      count++;
    }
    System.out.println(count + " damaged requests, " + answers + " answers");
    assertTrue(answers > 0);
    assertEquals(200, get("/echo/x").status());
  }

  private static String shown(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
  }

  /** Only the one right form of the header passes, whatever is tried. */
  @Test
  void damagedSignaturesNeverPass() throws IOException {
    var random = random("damagedSignaturesNeverPass");
    var signer = edge.signer(TwoResources.ALPHA, KeySlot.PRIMARY);
    var end = System.nanoTime() + NANOS;
    var count = 0;
    try (var log = new CapturedLog(Dispatch.class)) {
      while (System.nanoTime() < end) {
        var signed = signer.sign(RawRequest.get("/keys/x?a=b%20c"));
        var lines = new ArrayList<>(signed.headers());
        var at = random.nextInt(lines.size());
        var line = lines.get(at);
        var colon = line.indexOf(": ") + 2;
        var value = line.substring(colon);
        var other = oneLine(damaged(random, value.getBytes(StandardCharsets.ISO_8859_1)));
        lines.set(at, line.substring(0, colon) + other);
        var reply =
            plain(new RawRequest("GET", signed.target(), signed.host(), lines, new byte[0]));
        if (!meaning(other).equals(meaning(value))) {
          assertTrue(
              reply.status() >= 400 && reply.status() < 500, () -> reply.status() + " to " + lines);
          count++;
        }
      }
      assertTrue(!log.text().contains("failed"), log::text);
    }
    System.out.println(count + " damaged signatures");
  }

  /** Base64 has several spellings of the same bytes; blanks and the case of names say nothing. */
  private static String meaning(String value) {
    var start = value.indexOf("Signature=") + "Signature=".length();
    try {
      return start < "Signature=".length()
          ? value.strip()
          : value.substring(0, start).replace(" ", "").toLowerCase(Locale.ROOT)
              + Arrays.toString(Base64.getDecoder().decode(value.substring(start).strip()));
    } catch (IllegalArgumentException _) {
      return value;
    }
  }

  /** Header values as a client can send them. */
  private static String oneLine(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII)
        .replaceAll("[^ -~]", "?")
        .substring(0, Math.min(bytes.length, 8000));
  }

  private RawReply plain(RawRequest request) throws IOException {
    try (var client = RawClient.plain(edge.server.plainPort())) {
      return client.send(request.bytes()).reply();
    }
  }

  @Test
  void targetsAreTakenApartOrRefused() {
    var random = random("targetsAreTakenApartOrRefused");
    var end = System.nanoTime() + NANOS / 4;
    var right =
        "/chat/threads/19%3AacsV1_x%40thread.v2/messages?startTime=a%2Bb&x=+y"
            .getBytes(StandardCharsets.UTF_8);
    while (System.nanoTime() < end) {
      var text = new String(damaged(random, right), StandardCharsets.ISO_8859_1);
      try {
        var target = Target.parse(text);
        assertTrue(!target.segments().isEmpty());
        assertEquals(text, target.raw());
        // What was taken apart and written anew reads the same.
        assertEquals(target.parameters(), Target.parse(target.formEncoded()).parameters(), text);
      } catch (Refusal refusal) {
        assertEquals(400, refusal.status());
      }
    }
  }

  @Test
  void jsonTextIsCheckedAsItIsParsed() {
    var random = random("jsonTextIsCheckedAsItIsParsed");
    var end = System.nanoTime() + NANOS / 4;
    var right =
        "{\"content\":\"a\\ud83d\\udc4b\\\\u0000\\\"\",\"n\":[1.5e3,true,null]}"
            .getBytes(StandardCharsets.UTF_8);
    while (System.nanoTime() < end) {
      var body = damaged(random, right);
      try {
        JsonText.check(body);
        var node = Json.parse(body, JsonNode.class);
        if (node != null) {
          // Whatever passes can be stored and sent as it is.
          var again = node.toString().getBytes(StandardCharsets.UTF_8);
          assertEquals(node.toString(), Json.parse(again, JsonNode.class).toString());
        }
      } catch (Refusal refusal) {
        assertEquals(400, refusal.status());
      } catch (IOException _) {
        // Refused by the parser.
      }
    }
  }
}
