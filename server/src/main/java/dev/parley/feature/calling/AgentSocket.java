package dev.parley.feature.calling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.WebSocketHearer;
import dev.parley.base.wire.WebSocketSession;
import dev.parley.base.words.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears one client's WebSocket: first who it is, then what it wants. */
final class AgentSocket implements WebSocketHearer {
  private static final Logger log = LoggerFactory.getLogger(AgentSocket.class);
  private static final int POLICY_VIOLATION = 1008;
  private static final long ID_MAX = (1L << 53) - 1;

  private final Sessions sessions;
  private final WebSocketSession socket;
  private final Resource resource;
  private final Allowance allowance;
  private @Nullable Agent agent;

  AgentSocket(
      Sessions sessions, WebSocketSession socket, Resource resource, int requestsPerSecond) {
    this.sessions = sessions;
    this.socket = socket;
    this.resource = resource;
    this.allowance = new Allowance(requestsPerSecond);
  }

  @Override
  public void text(String message) {
    JsonNode json;
    try {
      json = Json.mapper().readTree(message);
    } catch (JsonProcessingException _) {
      cut("The message is no JSON.");
      return;
    }
    if (json == null || !json.isObject()) {
      cut("The message is no JSON object.");
      return;
    }
    var left = allowance.take();
    if (allowance.isAbused()) {
      cut("Too many messages.");
      return;
    }
    var known = agent;
    if (known == null) {
      hello(json);
      return;
    }
    known.heard(sessions.now(resource.id()));
    if (json.has("do")) {
      request(known, json, left < 0);
    } else if (json.path("ack").canConvertToLong()) {
      known.acknowledged(json.path("ack").longValue());
    } else if (!json.has("pong")) {
      cut("The message is no request.");
    }
  }

  private void hello(JsonNode json) {
    var id = id(json);
    if (id == 0 || !json.path("do").asText().equals("hello")) {
      cut("The first message must be hello.");
      return;
    }
    try {
      agent = sessions.hello(socket, resource, id, json);
    } catch (CallProblem problem) {
      log.info("a calling client was refused: {}", problem.reason().message());
      socket.send(Notices.error(id, problem.reason()));
      cut(problem.reason().message());
    }
  }

  private void request(Agent known, JsonNode json, boolean tooMany) {
    var id = id(json);
    if (id == 0) {
      cut("The request has no usable id.");
      return;
    }
    try {
      if (tooMany) {
        throw new CallProblem(EndReason.TOO_MANY);
      }
      sessions.request(known, resource, socket, id, json);
    } catch (CallProblem problem) {
      known.send(Notices.error(id, problem.reason()));
    } catch (RuntimeException e) {
      known.send(Notices.error(id, EndReason.SERVER_FAILED));
      log.error("a request of a calling client failed, session request {}", socket.id(), e);
    }
  }

  private static long id(JsonNode json) {
    var id = json.path("id");
    return id.isIntegralNumber()
            && id.canConvertToLong()
            && id.longValue() > 0
            && id.longValue() <= ID_MAX
        ? id.longValue()
        : 0;
  }

  private void cut(String why) {
    sessions.left(socket);
    socket.close(POLICY_VIOLATION, why);
  }

  @Override
  public void binary(byte[] message) {
    cut("Messages are text.");
  }

  @Override
  public void closed() {
    sessions.left(socket);
    var known = agent;
    if (known != null) {
      sessions.lost(known, socket);
    }
  }
}
