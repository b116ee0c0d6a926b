package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestHouse;
import dev.parley.TestHouse.Person;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.CrowdTls;
import dev.parley.base.wire.RawClient;
import dev.parley.base.wire.RawSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the signalling SDK does in a browser, step by step and written anew from its conversations.
 */
final class TrouterClient implements AutoCloseable {
  /** An event that the server sent, and the id to acknowledge it with. */
  record Event(long id, String name, JsonNode body) {
    String text(String member) {
      return body.path(member).asText();
    }
  }

  private TestHouse house;
  private @Nullable RawClient own;
  private @Nullable CrowdTls tls;
  long heardAt = System.nanoTime();
  final Person person;
  final String epid;
  JsonNode allocation;
  String sid;
  RawSocket socket;
  private boolean answering = true;

  TrouterClient(TestHouse house, Person person) {
    this(house, person, UUID.randomUUID().toString());
  }

  TrouterClient(TestHouse house, Person person, String epid) {
    this.house = house;
    this.person = person;
    this.epid = epid;
  }

  /** Goes the whole way. */
  static TrouterClient connected(TestHouse house, Person person) throws IOException {
    var client = new TrouterClient(house, person);
    client.connect();
    return client;
  }

  /** Goes the whole way, again with what it cached. */
  TrouterClient connect() throws IOException {
    allocate();
    handshake();
    open();
    register("AcsWeb");
    return this;
  }

  /** Speaks TLS from now on, as every browser does; its calls too when it {@link #comeBack}s. */
  TrouterClient secure(CrowdTls crowd) {
    tls = crowd;
    return this;
  }

  /** Goes on with another server, with what it cached. */
  TrouterClient moveTo(TestHouse other) {
    house = other;
    return this;
  }

  /**
   * Connects as the SDK does after a cut, with one connection for its calls, as a browser has it:
   * at once; and again, after a wait that grows from a second to 50, when there is no answer within
   * ten seconds, or only that the server cannot serve it now.
   *
   * @return how many attempts it took
   */
  int comeBack(Random random) throws IOException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      try (var http = http()) {
        own = http;
        connect();
        return attempt;
      } catch (IOException | UncheckedIOException _) {
        close();
        var wait = Math.min(50_000, 1_000 << Math.min(6, attempt - 1));
        Thread.sleep((long) (wait * random.nextDouble(0.8, 1.2)));
      } finally {
        own = null;
      }
    }
  }

  private RawClient http() throws IOException {
    return tls == null ? RawClient.plain(house.port()) : RawClient.tls(house.tlsPort(), tls);
  }

  private TestHouse.Answer call(String method, String target, String body) {
    var http = own;
    if (http == null) {
      return house.exchange(method, target, body, token());
    }
    try {
      var reply =
          http.send(
                  "%s %s HTTP/1.1\r\nHost: localhost\r\nX-Skypetoken: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(method, target, person.token(), body.length(), body))
              .reply();
      if (reply.status() >= 500) {
        throw new IOException("The server answers " + reply.status() + ".");
      }
      return new TestHouse.Answer(reply.status(), reply.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TrouterClient answering(boolean wanted) {
    answering = wanted;
    return this;
  }

  List<String> token() {
    return List.of("X-Skypetoken", person.token());
  }

  void allocate() {
    var answer =
        call(
            "POST",
            "/v4/a?cor_id=c&con_num=1_1&epid=" + epid + (allocation == null ? "" : "&" + params()),
            "");
    assertEquals(200, answer.status(), answer.body());
    allocation = json(answer.body());
  }

  /** The parameters of the allocation as they stand in every query. */
  String params() {
    var query = new StringBuilder();
    for (var param : allocation.path("connectparams").properties()) {
      query.append(param.getKey()).append('=').append(param.getValue().asText()).append('&');
    }
    return query + "v=v4";
  }

  /** The query of handshake, socket and poll. */
  String query() {
    return "?"
        + params()
        + "&tc=%7B%22cv%22:%222024.14.01.55%22,%22ua%22:%22acs-chat-web%22%7D&timeout=40&auth=true&epid="
        + epid
        + "&userActivity=%7B%22state%22:%22active%22,%22cv%22:%22BPmi+1//H90vZQ.1%22%7D&ccid="
        + allocation.path("ccid").asText()
        + "&dom=localhost&cor_id=c&con_num=1_1&t=1";
  }

  void handshake() {
    var answer = call("GET", "/socket.io/1/" + query(), "");
    assertEquals(200, answer.status(), answer.body());
    sid = answer.body().substring(0, answer.body().indexOf(':'));
  }

  void open() throws IOException {
    var target = "/socket.io/1/websocket/" + sid + query();
    socket =
        tls == null
            ? RawSocket.open(house.port(), target)
            : RawSocket.open(house.tlsPort(), target, tls);
    assertEquals(101, socket.status());
    assertEquals("1::", next());
    assertEquals(
        "5:::{\"name\":\"trouter.connected\",\"args\":[{\"ttl\":604800,\"dur\":\"0\"}]}", next());
  }

  void register(String appId) {
    var answer =
        call(
            "POST",
            "/registrar/prod/v3/registrations",
            Json.text(Map.of("registrationId", epid, "clientDescription", Map.of("appId", appId))));
    assertEquals(202, answer.status(), answer.body());
  }

  /** The next packet; fails when the connection has ended. */
  String next() throws IOException {
    return socket.next().orElseThrow(() -> new AssertionError("The connection has ended."));
  }

  /** The next event, acknowledged as a browser does it; other packets are passed by. */
  Event event() throws IOException {
    var event = anyEvent();
    while (event.name().equals("chatThreadCreated")) {
      // Told late, of a thread that was made before the client connected.
      event = anyEvent();
    }
    return event;
  }

  /** The same, also that a thread was made. */
  Event anyEvent() throws IOException {
    while (true) {
      var packet = next();
      var event = event(packet);
      if (event.isPresent()) {
        if (answering) {
          acknowledge(event.get());
        }
        heardAt = System.nanoTime();
        return event.get();
      }
    }
  }

  void acknowledge(Event event) throws IOException {
    socket.send(response(event.id(), 200));
  }

  static String response(long id, int status) {
    return "3:::{\"id\":%d,\"status\":%d,\"headers\":{\"trouter-client\":\"{}\"},\"body\":\"\"}"
        .formatted(id, status);
  }

  /** The event in a packet, if it holds one. */
  static Optional<Event> event(String packet) {
    if (!packet.startsWith("3:::")) {
      return Optional.empty();
    }
    var request = json(packet.substring(4));
    assertEquals("POST", request.path("method").asText());
    var url = request.path("url").asText();
    return Optional.of(
        new Event(
            request.path("id").asLong(),
            url.substring(url.lastIndexOf('/') + 1),
            json(request.path("body").asText())));
  }

  static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Cuts the connection as a broken network does. */
  void cut() throws IOException {
    socket.socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }
}
