package dev.parley.feature.calling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.RawSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client of calls over a real WebSocket, written from {@code docs/calling-protocol.md}. */
final class CallClient implements AutoCloseable {
  private final int port;
  private final String host;
  final String user;
  final String token;
  RawSocket socket;
  String session = "";
  long seq;
  JsonNode welcome;
  private long ids;
  private boolean answering = true;
  private final List<JsonNode> unread = new ArrayList<>();

  CallClient(int port, String host, String user, String token) {
    this.port = port;
    this.host = host;
    this.user = user;
    this.token = token;
  }

  /** Opens a socket and says nothing. */
  CallClient open() {
    try {
      socket = RawSocket.open(port, "/calling/v1/connect", host);
      assertEquals(101, socket.status());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CallClient connect() {
    open();
    hello();
    assertTrue(welcome.has("session"), welcome::toString);
    return this;
  }

  /** Says who it is, and which session it goes on with. */
  void hello() {
    var json =
        Json.mapper()
            .createObjectNode()
            .put("do", "hello")
            .put("version", 1)
            .put("token", token)
            .put("displayName", "P" + user.substring(user.length() - 4))
            .put("client", "test/1");
    if (!session.isEmpty()) {
      json.putObject("resume").put("session", session).put("seq", seq);
    }
    welcome = ask(json);
    if (welcome.has("session") && !welcome.path("resumed").asBoolean()) {
      seq = 0;
    }
    session = welcome.path("session").asText(session);
  }

  /** Comes back over another socket. */
  CallClient again() {
    open();
    hello();
    return this;
  }

  /** Reads pings and does not answer them. */
  CallClient silent() {
    answering = false;
    return this;
  }

  /** Cuts the connection as a broken network does. */
  void cut() {
    try {
      socket.socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(String text) {
    try {
      socket.send(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request as JSON with single quotes; the answer. */
  JsonNode ask(String text) {
    try {
      return ask((ObjectNode) Json.mapper().readTree(text.replace('\'', '"')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode ask(ObjectNode request) {
    var id = ++ids;
    send(Json.text(request.put("id", id)));
    while (true) {
      var json = read();
      if (json.path("id").asLong() == id) {
        return json.has("ok") ? json.path("ok") : json.path("error");
      }
      unread.add(json);
    }
  }

  /** A request about a call. */
  JsonNode ask(String verb, String callId, String... rest) {
    var more = rest.length == 0 ? "" : "," + String.join(",", Arrays.asList(rest));
    return ask("{'do':'%s','callId':'%s'%s}".formatted(verb, callId, more));
  }

  /** The same, which must succeed. */
  JsonNode done(String verb, String callId, String... rest) {
    var answer = ask(verb, callId, rest);
    assertTrue(!answer.has("code"), () -> verb + ": " + answer);
    return answer;
  }

  /** The codes with which it must fail. */
  static void refused(int code, int subCode, JsonNode answer) {
    assertEquals(code + "/" + subCode, codes(answer), answer::toString);
  }

  static String codes(JsonNode reason) {
    return reason.path("code").asText() + "/" + reason.path("subCode").asText();
  }

  /** The next notification of that name; what comes before it is passed by. */
  JsonNode next(String on) {
    while (true) {
      var json = unread.isEmpty() ? read() : unread.removeFirst();
      if (json.path("on").asText().equals(on)) {
        return json;
      }
    }
  }

  /** Waits until the call has a state. */
  void state(String wanted) {
    var json = next("call.changed");
    while (!json.path("state").asText().equals(wanted)) {
      json = next("call.changed");
    }
  }

  /** Waits for a change of a participant's member. */
  void changed(String participant, String member, String value) {
    while (true) {
      for (var change : next("participants").path("changed")) {
        if (change.path("id").asText().equals(participant)
            && change.path(member).asText().equals(value)) {
          return;
        }
      }
    }
  }

  /** Waits for somebody to be gone; the codes. */
  String removed(String participant) {
    while (true) {
      for (var one : next("participants").path("removed")) {
        if (one.path("id").asText().equals(participant)) {
          return codes(one.path("reason"));
        }
      }
    }
  }

  /** Waits for somebody to be there; the participant. */
  JsonNode added(String user) {
    while (true) {
      for (var one : next("participants").path("added")) {
        if (one.path("user").asText().equals(user)) {
          return one;
        }
      }
    }
  }

  /** The end of a call; its codes. */
  String ended() {
    return codes(next("call.ended").path("reason"));
  }

  String rungOut() {
    return codes(next("incoming.ended").path("reason"));
  }

  private JsonNode read() {
    try {
      while (true) {
        var text = socket.next().orElseThrow(() -> new AssertionError("The connection has ended."));
        var json = Json.mapper().readTree(text);
        if (json.has("ping")) {
          if (answering) {
            send("{\"pong\":1}");
          }
          continue;
        }
        if (json.has("seq")) {
          assertEquals(seq + 1, json.path("seq").asLong(), text);
          seq++;
        }
        return json;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The snapshot that follows a gap; the numbers go on from it. */
  JsonNode nextAfterGap() {
    try {
      while (true) {
        var json = Json.mapper().readTree(socket.next().orElseThrow());
        if (json.has("seq")) {
          seq = json.path("seq").asLong();
        }
        if (json.path("on").asText().equals("call")) {
          return json;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads to the end; the status that the server closed with. */
  int closed() {
    try {
      while (socket.next().isPresent()) {
        // Whatever still came.
      }
      return socket.closeStatus();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
