package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WebSockets frame by frame (RFC 6455); the socket at the other side says everything again. */
class WebSocketTest extends EdgeTest {
  private static final String KEY = "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==";
  private static final byte[] MASK = {1, 2, 3, 4};
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8A;

  /** A frame of the server. */
  private record Frame(int first, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int status() {
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  @BeforeAll
  void makeTokens() {
    edge.user("chatter", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
  }

  private static RawRequest handshake(String path, String... lines) {
    return RawRequest.get(path)
        .with("Connection: keep-alive, Upgrade", "Upgrade: WebSocket")
        .with(lines);
  }

  private RawClient open(EdgeFixture edge, String token) throws IOException {
    var client = edge.client();
    var request = handshake("/socket", KEY, "Sec-WebSocket-Version: 13");
    var reply = client.send(request.with("Authorization: Bearer " + token).bytes()).replyToHead();
    assertEquals(101, reply.status(), reply::text);
    assertEquals(
        "HSmrc0sMlYUkAGmm5OPpG2HaGWk=".length(), reply.header("sec-websocket-accept").length());
    assertTrue(!reply.header("x-ms-request-id").isEmpty());
    return client;
  }

  private RawClient open() throws IOException {
    return open(edge, "chatter");
  }

  private static byte[] frame(int first, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else if (payload.length < 1 << 16) {
      out.write(0x80 | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.writeBytes(MASK);
    for (var i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i & 3]);
    }
    return out.toByteArray();
  }

  private static byte[] frame(int first, String text) {
    return frame(first, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Frame next(RawClient client) throws IOException {
    var first = client.octet();
    var length = (long) client.octet();
    if (length == 126) {
      length = ByteBuffer.wrap(client.bytes(2)).getShort() & 0xffff;
    } else if (length == 127) {
      length = ByteBuffer.wrap(client.bytes(8)).getLong();
    }
    return new Frame(first, client.bytes((int) length));
  }

  private static void assertClosed(int status, RawClient client) throws IOException {
    var frame = next(client);
    assertEquals(CLOSE, frame.first());
    assertEquals(status, frame.status());
  }

  private static void until(BooleanSupplier condition) {
    var end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for too long");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void messagesComeWholeAndInOrder() throws IOException {
    try (var client = open()) {
      for (var i = 0; i < 200; i++) {
        client.send(frame(TEXT, "message " + i + " \ud83d\udc4b"));
      }
      for (var i = 0; i < 200; i++) {
        assertEquals("message " + i + " \ud83d\udc4b", next(client).text());
      }
      client.send(frame(BINARY, new byte[] {0, 1, (byte) 255}));
      var said = next(client);
      assertEquals(TEXT, said.first());
      assertEquals("3 bytes", said.text());
      client.send(frame(TEXT, "x".repeat(1000)));
      assertEquals(1000, next(client).text().length());
    }
  }

  @Test
  void framesOfEveryKindKeepTheirOrderHoweverTheyAreCut() throws IOException {
    var stream = new ByteArrayOutputStream();
    var texts = new ArrayList<String>();
    for (var length : List.of(0, 1, 125, 126, 1_000, 1_024)) {
      texts.add("a".repeat(length));
      texts.add("\u00fc".repeat(length / 2));
    }
    // The last ones are too long to be short, and what follows goes the same way.
    texts.addAll(List.of("b".repeat(1_025), "after it", "\u00fc"));
    for (var text : texts) {
      stream.writeBytes(frame(TEXT, text));
      stream.writeBytes(frame(PONG, "unasked"));
    }
    var bytes = stream.toByteArray();
    for (var step : List.of(1, 7, 200, 1_500, bytes.length)) {
      try (var client = open()) {
        for (var from = 0; from < bytes.length; from += step) {
          client.send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + step)));
        }
        for (var text : texts) {
          assertEquals(text, next(client).text());
        }
        client.send(frame(PING, "p"));
        assertEquals(PONG, next(client).first());
      }
    }
  }

  @Test
  void fragmentsAreOneMessageAndPingsMayComeBetween() throws IOException {
    try (var client = open()) {
      client.send(frame(0x01, "one ")).send(frame(PING, "p")).send(frame(0x00, "two "));
      client.send(frame(0x80, "three"));
      var pong = next(client);
      assertEquals(PONG, pong.first());
      assertEquals("p", pong.text());
      assertEquals("one two three", next(client).text());
    }
  }

  @Test
  void aRequestThatAsksForNoSocketIsToldHow() throws IOException {
    var token = "Authorization: Bearer chatter";
    var plain = ask(RawRequest.get("/socket").with(token));
    assertEquals(426, plain.status());
    assertEquals("UpgradeRequired", plain.code());
    assertEquals("websocket", plain.header("upgrade"));
    var version = ask(handshake("/socket", KEY, token, "Sec-WebSocket-Version: 8"));
    assertEquals(426, version.status());
    assertEquals("13", version.header("sec-websocket-version"));
    for (var key : List.of("", "x", "AAECAwQFBgcICQoLDA0O", "not base64 at all!!!!!!!")) {
      var reply =
          ask(
              handshake(
                  "/socket", "Sec-WebSocket-Key: " + key, token, "Sec-WebSocket-Version: 13"));
      assertEquals(400, reply.status(), key);
      assertEquals("BadRequest", reply.code());
    }
    assertEquals(401, ask(handshake("/socket", KEY, "Sec-WebSocket-Version: 13")).status());
    assertEquals(200, ask(handshake("/echo/x", KEY, "Sec-WebSocket-Version: 13")).status());
  }

  @Test
  void whatBreaksTheProtocolEndsTheSocket() throws IOException {
    byte[] unmasked = {(byte) TEXT, 1, 'x'};
    byte[] reserved = {(byte) 0xf1, (byte) 0x80, 1, 2, 3, 4};
    byte[] unknown = {(byte) 0x83, (byte) 0x80, 1, 2, 3, 4};
    for (var bytes :
        List.of(
            unmasked,
            reserved,
            unknown,
            frame(0x80, "nothing to go on with"),
            frame(0x09, "a ping in pieces"))) {
      try (var client = open()) {
        client.send(bytes);
        assertClosed(1002, client);
      }
    }
    assertEquals(200, get("/echo/x").status());
  }

  @Test
  void whatIsNoTextEndsTheSocket() throws IOException {
    try (var client = open()) {
      client.send(frame(TEXT, new byte[] {(byte) 0xc3, 0x28}));
      assertClosed(1007, client);
    }
    try (var client = open()) {
      // A character may lie across fragments; half of one may not be the end.
      client
          .send(frame(0x01, new byte[] {(byte) 0xc3}))
          .send(frame(0x80, new byte[] {(byte) 0xa9}));
      assertEquals("\u00e9", next(client).text());
      client.send(frame(0x01, new byte[] {(byte) 0xc3})).send(frame(0x80, new byte[] {'x'}));
      assertClosed(1007, client);
    }
  }

  @Test
  void aMessageThatIsTooLargeEndsTheSocket() throws IOException {
    try (var client = open()) {
      client.send(frame(TEXT, "x".repeat(EdgeRoutes.SOCKET_BYTES_MAX)));
      assertEquals(EdgeRoutes.SOCKET_BYTES_MAX, next(client).text().length());
      client.send(frame(TEXT, "x".repeat(EdgeRoutes.SOCKET_BYTES_MAX + 1)));
      assertClosed(1009, client);
    }
    try (var client = open()) {
      // Fragments add up.
      for (var i = 0; i < 3; i++) {
        client.send(frame(i == 0 ? 0x01 : 0x00, "x".repeat(EdgeRoutes.SOCKET_BYTES_MAX / 2)));
      }
      assertClosed(1009, client);
    }
  }

  @Test
  void aCloseIsAnswered() throws IOException {
    try (var client = open()) {
      client.send(frame(CLOSE, new byte[] {3, (byte) 232}));
      var frame = next(client);
      assertEquals(CLOSE, frame.first());
      assertArrayEquals(new byte[] {3, (byte) 232}, frame.payload());
      assertEquals(RawClient.End.CLEAN, client.end());
    }
  }

  @Test
  void whoLosesTheRightToItIsClosed() throws IOException {
    edge.user("leaver", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
    try (var leaver = open(edge, "leaver");
        var other = open()) {
      leaver.send(frame(TEXT, "still here"));
      assertEquals("still here", next(leaver).text());
      var closed =
          edge.server
              .connections()
              .closeWhere(caller -> caller.origin().actor().endsWith("leaver"), "revoked");
      assertEquals(1, closed);
      assertClosed(1008, leaver);
      other.send(frame(TEXT, "and here"));
      assertEquals("and here", next(other).text());
    }
  }

  @Test
  void whoLosesTheRightBetweenCheckAndSocketIsClosed() throws IOException {
    try (var other = edgeWith(Map.of())) {
      other.user("leaver", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
      other.routes.beforeUpgrade =
          () ->
              assertEquals(
                  0,
                  other
                      .server
                      .connections()
                      .closeWhere(caller -> caller.origin().actor().endsWith("leaver"), "revoked"));
      try (var leaver = open(other, "leaver")) {
        assertClosed(1008, leaver);
      }
    }
  }

  @Test
  void aSocketEndsWithItsToken() throws IOException {
    edge.user("short", TwoResources.ALPHA, Duration.ofMillis(700), Scope.CHAT);
    try (var client = open(edge, "short")) {
      assertClosed(1008, client);
    }
  }

  @Test
  void aSilentPeerIsPingedAndThenCut() throws IOException {
    try (var other = edgeWith(Map.of("http.idle-time", "1s"))) {
      other.user("chatter", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
      try (var client = open(other, "chatter")) {
        assertEquals(PING, next(client).first());
        client.send(frame(PONG, ""));
        assertEquals(PING, next(client).first());
        client.end();
      }
    }
  }

  @Test
  void aSlowReaderIsCutBeforeItCostsMemory() throws IOException {
    var settings = Map.of("websocket.queued-bytes-max", "65536");
    try (var other = edgeWith(settings)) {
      other.user("chatter", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
      try (var client = open(other, "chatter")) {
        client.send(frame(TEXT, "flood"));
        until(() -> other.routes.floodEnded.getCount() == 0);
        client.end();
      }
    }
  }

  @Test
  void aServerThatStopsSaysGoodbye() throws IOException {
    var other = edgeWith(Map.of());
    other.user("chatter", TwoResources.ALPHA, Duration.ofHours(1), Scope.CHAT);
    try (var client = open(other, "chatter")) {
      client.send(frame(TEXT, "there"));
      assertEquals("there", next(client).text());
      var stopping = Thread.ofVirtual().start(other::close);
      assertClosed(1001, client);
      client.send(frame(CLOSE, new byte[] {3, (byte) 233}));
      client.end();
      stopping.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
