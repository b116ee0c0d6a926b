package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream of events for servers. */
@Timeout(60)
class EventStreamTest {
  private static final String EVENTS = "/parley/realtime/events";

  @TempDir private static Path folder;
  private static TestHouse house;

  @BeforeAll
  static void open() {
    house = TestHouse.start(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void close() {
    house.close();
  }

  /** A reader of a stream, as the standard describes it. */
  private static final class Reader implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final BufferedReader lines;
    String position = "";

    Reader(TestHouse house, String target, List<String> headers) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + house.port() + target))
              .headers(headers.toArray(String[]::new))
              .build();
      var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertEquals(200, response.statusCode());
      assertEquals(
          "text/event-stream; charset=utf-8",
          response.headers().firstValue("content-type").orElse(""));
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      assertEquals("retry: 1000", lines.readLine());
      position = lines.readLine().substring(4);
      assertEquals("", lines.readLine());
    }

    static Reader of(Person person, String more) throws Exception {
      return new Reader(house, EVENTS + more, List.of("Authorization", "Bearer " + person.token()));
    }

    static Reader ofKey(String more) throws Exception {
      return new Reader(house, EVENTS + more, house.signature("GET", EVENTS + more, ""));
    }

    /** The next event's members; empty at the end. */
    Map<String, String> next() throws IOException {
      var event = new HashMap<String, String>();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && event.containsKey("data")) {
          position = event.getOrDefault("id", position);
          return event;
        }
        var colon = line.indexOf(": ");
        if (colon > 0) {
          event.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      return Map.of();
    }

    String nextText() throws IOException {
      var event = next();
      assertEquals("chatMessageReceived", event.get("event"));
      return TrouterClient.json(event.get("data")).at("/message/content/message").asText();
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  @Test
  void aUserHearsOwnThreadsOnly() throws Exception {
    var ann = house.person();
    var bob = house.person();
    try (var reader = Reader.of(ann, "")) {
      var others = house.thread(bob);
      house.send(bob, others, "not for ann");
      var thread = house.thread(ann, bob);
      assertEquals("chatThreadCreated", reader.next().get("event"));
      house.send(bob, thread, "for ann 😀");
      var event = reader.next();
      assertEquals("chatMessageReceived", event.get("event"));
      var message = TrouterClient.json(event.get("data")).path("message");
      assertEquals("for ann 😀", message.at("/content/message").asText());
      assertEquals(
          bob.id(), message.at("/senderCommunicationIdentifier/communicationUser/id").asText());
      assertEquals("text", message.path("type").asText());
      house.call(
          "POST",
          thread + "/typing?api-version=2025-03-15",
          bob.token(),
          "{\"senderDisplayName\":\"Bob\"}");
      var typing = reader.next();
      assertEquals("typingIndicatorReceived", typing.get("event"));
      assertFalse(typing.containsKey("id"));
    }
  }

  @Test
  void theAccessKeyHearsTheWholeResource() throws Exception {
    try (var reader = Reader.ofKey("")) {
      var ann = house.person();
      var bob = house.person();
      house.send(ann, house.thread(ann), "one");
      house.send(bob, house.thread(bob), "two");
      var heard = new ArrayList<String>();
      while (heard.size() < 2) {
        var event = reader.next();
        if (event.get("event").equals("chatMessageReceived")) {
          heard.add(TrouterClient.json(event.get("data")).at("/message/content/message").asText());
        }
      }
      assertEquals(List.of("one", "two"), heard);
    }
  }

  @Test
  void aReaderGoesOnWhereItStopped() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    String position;
    try (var reader = Reader.of(ann, "")) {
      for (var i = 0; i < 10; i++) {
        house.send(ann, thread, "message " + i);
      }
      for (var i = 0; i < 4; i++) {
        assertEquals("message " + i, reader.nextText());
      }
      position = reader.position;
    }
    try (var reader = Reader.of(ann, "?position=" + position)) {
      for (var i = 4; i < 10; i++) {
        assertEquals("message " + i, reader.nextText());
      }
      house.send(ann, thread, "live again");
      assertEquals("live again", reader.nextText());
      position = reader.position;
    }
    var headers = List.of("Authorization", "Bearer " + ann.token(), "Last-Event-ID", position);
    try (var reader = new Reader(house, EVENTS, headers)) {
      house.send(ann, thread, "by header");
      assertEquals("by header", reader.nextText());
    }
  }

  @Test
  void whatHappensDuringTheCatchUpIsNeitherLostNorRepeated() throws Exception {
    var ann = house.person();
    var thread = house.thread(ann);
    String position;
    try (var reader = Reader.of(ann, "")) {
      position = reader.position;
    }
    var count = 300;
    var sender =
        Thread.ofVirtual()
            .start(() -> {
              for (var i = 0; i < count; i++) {
                house.send(ann, thread, "m" + i);
              }
            });
    try (var reader = Reader.of(ann, "?position=" + position)) {
      for (var i = 0; i < count; i++) {
        assertEquals("m" + i, reader.nextText());
      }
    }
    sender.join();
  }

  @Test
  void aRevocationEndsTheStream() throws Exception {
    var ann = house.person();
    try (var reader = Reader.of(ann, "")) {
      house.signed(
          "POST",
          "/identities/"
              + URLEncoder.encode(ann.id(), StandardCharsets.UTF_8)
              + "/:revokeAccessTokens?api-version=2023-10-01",
          "");
      assertTrue(reader.next().isEmpty());
    }
  }

  @Test
  void aRegeneratedKeyEndsWhatItOpenedAndNothingElse() throws Exception {
    try (var house = TestHouse.start(folder.resolve("keys"), Map.of())) {
      var second = house.regenerateKey("Secondary");
      var first = house.environment("ACS_CONNECTION_STRING");
      try (var one = new Reader(house, EVENTS, house.signature(first, "GET", EVENTS, ""));
          var other = new Reader(house, EVENTS, house.signature(second, "GET", EVENTS, ""))) {
        house.regenerateKey("Primary");
        assertTrue(one.next().isEmpty());
        var again = house.regenerateKey("Primary");
        var made =
            house.exchange(
                "POST",
                "/identities?api-version=2023-10-01",
                "{\"createTokenWithScopes\":[\"chat\"]}",
                house.signature(
                    again,
                    "POST",
                    "/identities?api-version=2023-10-01",
                    "{\"createTokenWithScopes\":[\"chat\"]}"));
        var ann = new Person(made.text("/identity/id"), made.text("/accessToken/token"));
        house.thread(ann);
        assertEquals("chatThreadCreated", other.next().get("event"));
        house.regenerateKey("Secondary");
        assertTrue(other.next().isEmpty());
      }
    }
  }

  @Test
  void aReaderThatHasStoppedIsCutAlsoBelowTheBound() throws Exception {
    try (var house =
        TestHouse.start(
            folder.resolve("stopped"),
            Map.of("http.idle-time", "2s", "websocket.queued-bytes-max", "100000000"))) {
      var ann = house.person();
      var thread = house.thread(ann);
      try (var socket = new Socket()) {
        socket.setReceiveBufferSize(2_048);
        socket.setSoTimeout(50_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port()));
        var request =
            "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(EVENTS, ann.token());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertEquals('H', socket.getInputStream().read());
        var text = "x".repeat(25_000);
        // More than the buffers of the system hold for a reader that takes nothing.
        for (var i = 0; i < 400; i++) {
          house.send(ann, thread, text);
        }
        Waiting.until(() ->
            house
                .exchange("GET", "/metrics", "", List.of())
                .body()
                .lines()
                .anyMatch(line -> line.matches("parley_websocket_slow_readers_cut_total [1-9].*")));
        // What the system had taken still comes, and then the end.
        var read = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        assertTrue(read < 400L * text.length(), () -> read + " bytes");
      }
    }
  }

  @Test
  void whatIsNoPositionIsRefused() {
    var ann = house.person();
    for (var wrong : List.of("x", "1", "1-", "-1-2", "1-x", "0--5", "9999999999-1")) {
      assertEquals(
          400, house.call("GET", EVENTS + "?position=" + wrong, ann.token(), "").status(), wrong);
    }
    assertEquals(401, house.call("GET", EVENTS, "", "").status());
    assertEquals(403, house.call("GET", EVENTS, house.person("voip").token(), "").status());
  }
}
