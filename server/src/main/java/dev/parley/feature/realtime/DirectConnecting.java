package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.WebSocketHearer;
import dev.parley.base.wire.WebSocketSession;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way in one step ({@code /v4/c}, native clients {@code /v3/c}): a WebSocket that is opened by
 * anybody and says who it is in its first event. Whoever does not say so soon is cut.
 */
final class DirectConnecting {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int STRANGERS_MAX = 20_000;
  private static final int TRY_AGAIN_LATER = 1013;
  private static final int POLICY_VIOLATION = 1008;
  private static final String UNAUTHORIZED = "0:::{\"reason\":\"unauthorized\"}";

  private final Connecting connecting;
  private final Tokens tokens;
  private final Allocations allocations;
  private final Map<WebSocketSession, Long> strangers = new ConcurrentHashMap<>();

  DirectConnecting(Connecting connecting, Tokens tokens, Allocations allocations) {
    this.connecting = connecting;
    this.tokens = tokens;
    this.allocations = allocations;
  }

  /** Hears a WebSocket that was opened for an endpoint. */
  WebSocketHearer open(WebSocketSession session, Resource resource, String epid, String client) {
    if (strangers.size() >= STRANGERS_MAX) {
      session.close(TRY_AGAIN_LATER, "Too many connections are being made.");
      return new UnheardSocket();
    }
    strangers.put(session, System.nanoTime());
    session.send("1::");
    return new Stranger(session, resource, epid, client);
  }

  /** Cuts those who have not said who they are. */
  void sweep() {
    var now = System.nanoTime();
    strangers.forEach((session, since) -> {
      if (now - since > PATIENCE.toNanos()) {
        strangers.remove(session);
        session.close(POLICY_VIOLATION, "The client did not authenticate.");
      }
    });
  }

  /** One such WebSocket, before and after its authentication. */
  private final class Stranger implements WebSocketHearer {
    private final WebSocketSession session;
    private final Resource resource;
    private final String epid;
    private final String client;
    private volatile @Nullable Link link;

    Stranger(WebSocketSession session, Resource resource, String epid, String client) {
      this.session = session;
      this.resource = resource;
      this.epid = epid;
      this.client = client;
    }

    @Override
    public boolean atOnce(byte[] ascii, int length) {
      var known = link;
      if (known == null) {
        return false;
      }
      known.hear(ascii, length);
      return true;
    }

    @Override
    public void text(String message) {
      var known = link;
      if (known != null) {
        known.hear(message);
        return;
      }
      var args = authentication(message);
      if (args == null) {
        end("The first event must be user.authenticate.");
        return;
      }
      try {
        connecting.checkOpen();
        authenticated(tokens.prove(resource, token(args), session.id()), ConnectParams.of(args));
      } catch (Refusal refusal) {
        if (refusal.status() == 401 || refusal.status() == 403) {
          session.send(UNAUTHORIZED);
        }
        end(refusal.message());
      }
    }

    private void authenticated(Tokens.Proven proven, ConnectParams before) {
      var allocation = allocations.allocate(resource, proven.user(), epid, before);
      strangers.remove(session);
      link =
          connecting.open(
              proven,
              epid,
              allocation.id(),
              client,
              new SocketTransport(session),
              List.of(connected(allocation)));
    }

    private String connected(Allocation allocation) {
      var json = Json.mapper().createObjectNode();
      var args = json.put("name", "trouter.connected").putArray("args").addObject();
      args.setAll((ObjectNode) Json.mapper().valueToTree(allocation));
      args.put("dur", "0").put("reconnectUrl", allocation.socketio() + "v4/c");
      return "5:::" + Json.text(json);
    }

    private void end(String reason) {
      strangers.remove(session);
      session.close(POLICY_VIOLATION, reason);
    }

    @Override
    public void binary(byte[] message) {
      end("Packets are text.");
    }

    @Override
    public void closed() {
      strangers.remove(session);
      var known = link;
      if (known != null) {
        known.left();
      }
    }
  }

  /** What an authentication holds; null when the text is none. */
  private static @Nullable JsonNode authentication(String text) {
    var packet = Packet.parse(text);
    if (packet.isEmpty() || packet.get().type() != Packet.EVENT) {
      return null;
    }
    try {
      var event = Json.mapper().readTree(packet.get().data());
      return event.path("name").asText().equals("user.authenticate")
          ? event.path("args").path(0)
          : null;
    } catch (JsonProcessingException _) {
      return null;
    }
  }

  private static String token(JsonNode args) {
    for (var header : args.path("headers").properties()) {
      if (header.getKey().equalsIgnoreCase("X-Skypetoken")) {
        return header.getValue().asText();
      }
    }
    return "";
  }
}
