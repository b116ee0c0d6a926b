package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.JournalRow;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.WebSocketHearer;
import dev.parley.base.wire.WebSocketSession;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Who is connected: lets clients in, takes them back, ends them, and hands on what they want. */
final class Sessions {
  private static final Set<Scope> SCOPES = Set.of(Scope.VOIP, Scope.VOIP_JOIN);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int STRANGERS_MAX = 20_000;
  private static final int TRY_AGAIN_LATER = 1013;
  private static final int POLICY_VIOLATION = 1008;
  private static final int SURVEY_CHARACTERS_MAX = 4096;

  private final CallContext context;
  private final Calls calls;
  private final BearerVerifier bearers;

  /** Tokens end in real time, whatever service time a test has. */
  private final InstantSource edgeClock;

  private final Map<WebSocketSession, Long> strangers = new ConcurrentHashMap<>();

  Sessions(CallContext context, Calls calls, BearerVerifier bearers, InstantSource edgeClock) {
    this.context = context;
    this.calls = calls;
    this.bearers = bearers;
    this.edgeClock = edgeClock;
  }

  Instant now(ResourceId resource) {
    return context.clock().now(resource);
  }

  /** Hears a WebSocket of which nobody knows yet whose it is. */
  WebSocketHearer open(WebSocketSession socket, Resource resource) {
    if (strangers.size() >= STRANGERS_MAX) {
      socket.close(TRY_AGAIN_LATER, "Too many connections are being made.");
    } else {
      strangers.put(socket, System.nanoTime());
    }
    return new AgentSocket(this, socket, resource, context.config().requestsPerSecond());
  }

  void left(WebSocketSession socket) {
    strangers.remove(socket);
  }

  Agent hello(WebSocketSession socket, Resource resource, long id, JsonNode body) {
    if (body.path("version").asInt() != 1) {
      throw CallProblem.malformed("This server speaks version 1.");
    }
    var proven = prove(resource, Fields.text(body, "token", 8192), socket.id());
    strangers.remove(socket);
    var resumed = resumed(socket, id, body, proven);
    return resumed == null ? fresh(socket, id, body, proven) : resumed;
  }

  private BearerVerifier.Verified prove(Resource resource, String token, String requestId) {
    try {
      var verified = bearers.verify(resource, token, requestId);
      if (verified.caller() instanceof Caller.User user) {
        if (Collections.disjoint(user.scopes(), SCOPES)) {
          throw new CallProblem(EndReason.NOT_VOIP);
        }
        return verified;
      }
    } catch (Refusal _) {
      // Told below; the verifier's words are for the log of requests.
    }
    throw new CallProblem(EndReason.BAD_TOKEN);
  }

  private @org.jspecify.annotations.Nullable Agent resumed(
      WebSocketSession socket, long id, JsonNode body, BearerVerifier.Verified proven) {
    var resume = body.path("resume");
    if (!resume.isObject()) {
      return null;
    }
    var known =
        context
            .agents()
            .find(Fields.text(resume, "session", 64))
            .filter(one -> one.resource.equals(proven.caller().resource()))
            .filter(one -> one.user.equals(user(proven).id().rawId()));
    if (known.isEmpty()) {
      return null;
    }
    var agent = known.get();
    var seen = Fields.number(resume, "seq", 0, Long.MAX_VALUE);
    var how =
        agent.resume(
            socket,
            seen,
            now(agent.resource),
            result -> welcome(id, agent, proven.expires(), true, result == Agent.Resumed.GAP));
    if (how == Agent.Resumed.NOT) {
      return null;
    }
    agent.renew(user(proven), proven.expires());
    for (var call : agent.calls()) {
      call.must(() -> {
        if (how == Agent.Resumed.GAP) {
          call.tellAgain(agent);
        }
        call.tick();
      });
    }
    return agent;
  }

  private static Caller.User user(BearerVerifier.Verified proven) {
    return (Caller.User) proven.caller();
  }

  private Agent fresh(
      WebSocketSession socket, long id, JsonNode body, BearerVerifier.Verified proven) {
    var bytes = new byte[18];
    context.random().nextBytes(bytes);
    var agent =
        new Agent(
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            context.newId(),
            user(proven),
            proven.expires(),
            Fields.displayName(body, ""),
            Fields.textIf(body, "client", 200, ""),
            now(proven.caller().resource()),
            socket);
    if (!context.agents().add(agent)) {
      throw CallProblem.conflict("The user has too many clients.");
    }
    agent.send(welcome(id, agent, proven.expires(), false, false));
    // What began to ring before the client was known does not know it.
    for (var call : calls.ringingAt(agent.resource, agent.user)) {
      call.must(() -> call.ringing.at(agent));
    }
    return agent;
  }

  private String welcome(long id, Agent agent, Instant expires, boolean resumed, boolean gap) {
    return Notices.ok(
        id,
        Notices.object()
            .put("session", agent.id)
            .put("resumed", resumed)
            .put("gap", gap)
            .put("user", agent.user)
            .put("expiresOn", expires.toString())
            .put("resumeSeconds", CallingConfig.RESUME_TIME.toSeconds())
            .put("messageBytes", CallingConfig.MESSAGE_BYTES_MAX)
            .put("dataBytes", CallingConfig.DATA_BYTES_MAX)
            .put("participants", CallingConfig.PARTICIPANTS_MAX)
            .put("media", true)
            .put("captions", false)
            .put("now", now(agent.resource).toString()));
  }

  void request(Agent agent, Resource resource, WebSocketSession socket, long id, JsonNode body) {
    var verb = body.path("do").asText();
    switch (verb) {
      case "bye" -> {
        agent.send(Notices.ok(id, Notices.object()));
        end(agent, EndReason.GONE, false);
      }
      case "token" -> {
        var proven = prove(resource, Fields.text(body, "token", 8192), socket.id());
        if (!user(proven).id().rawId().equals(agent.user)) {
          throw new CallProblem(EndReason.BAD_TOKEN);
        }
        agent.renew(user(proven), proven.expires());
        agent.send(Notices.ok(id, Notices.object().put("expiresOn", proven.expires().toString())));
      }
      case "hello" -> throw CallProblem.conflict("The session is open.");
      case "call.start" -> calls.start(agent, id, body);
      case "call.join" -> calls.join(agent, id, body);
      case "survey" -> survey(agent, id, body);
      default -> {
        var call = calls.find(agent.resource, Fields.text(body, "callId", 64));
        call.orElseThrow(() -> new CallProblem(EndReason.NO_SUCH_CALL))
            .request(agent, id, owner -> CallRequests.perform(owner, agent, verb, body));
      }
    }
  }

  private void survey(Agent agent, long id, JsonNode body) {
    var survey = body.path("survey");
    var text = survey.isObject() ? Json.text(survey) : "";
    if (text.isEmpty() || text.length() > SURVEY_CHARACTERS_MAX) {
      throw CallProblem.malformed("The survey must be an object of at most 4 KB.");
    }
    var callId = Fields.text(body, "callId", 64);
    var surveyId = context.newId();
    var participant =
        context
            .log()
            .survey(agent.resource, callId, agent.user, surveyId, text)
            .orElseThrow(() -> new CallProblem(EndReason.NO_SUCH_CALL));
    agent.send(
        Notices.ok(
            id,
            Notices.object()
                .put("id", surveyId)
                .put("callId", callId)
                .put("participantId", participant)));
  }

  void lost(Agent agent, WebSocketSession socket) {
    if (agent.lost(socket, now(agent.resource))) {
      agent.calls().forEach(call -> call.must(call::tick));
    }
  }

  /** Ends a session and its part in all calls. */
  void end(Agent agent, EndReason reason, boolean tell) {
    context.agents().remove(agent);
    for (var call : agent.calls()) {
      call.must(() -> call.gone(agent, reason));
    }
    var last = Notices.object().put("on", "agent.ended");
    last.set("reason", reason.json());
    agent.end(tell ? Notices.body(last) : null, reason.message());
  }

  /** What happened elsewhere that concerns who is connected, or who may be in a room. */
  void hear(JournalRow row) {
    var resource = row.partition().resource();
    switch (row.event()) {
      case IdentityEvent.TokensRevoked revoked ->
          endAll(resource, one -> one.user.equals(revoked.userId()));
      case IdentityEvent.Deleted deleted ->
          endAll(resource, one -> one.user.equals(deleted.userId()));
      case ResourceEvent.KeyRegenerated key ->
          endAll(resource, one -> one.caller().origin().keySlot().equals(key.slot().name()));
      case ResourceEvent.Deleted _, ResourceEvent.Reset _ -> endAll(resource, _ -> true);
      case RoomEvent event ->
          calls.inRoom(resource, event.room()).ifPresent(call -> call.must(call.terms::askAgain));
      default -> {}
    }
  }

  private void endAll(ResourceId resource, Predicate<Agent> which) {
    context
        .agents()
        .each(agent -> {
          if (agent.resource.equals(resource) && which.test(agent)) {
            end(agent, EndReason.BAD_TOKEN, true);
          }
        });
  }

  /** Looks after everybody; about once a second. */
  void sweep() {
    var nanos = System.nanoTime();
    strangers.forEach((socket, since) -> {
      if (nanos - since > PATIENCE.toNanos() && strangers.remove(socket) != null) {
        socket.close(POLICY_VIOLATION, "The client did not say hello.");
      }
    });
    var edge = edgeClock.instant();
    context
        .agents()
        .each(agent -> {
          var lostAt = agent.lostAt();
          if (!edge.isBefore(agent.expires())) {
            end(agent, EndReason.BAD_TOKEN, true);
          } else if (lostAt != null
              && Duration.between(lostAt, now(agent.resource)).compareTo(CallingConfig.RESUME_TIME)
                  >= 0) {
            end(agent, EndReason.GONE, false);
          }
        });
    calls.all().forEach(call -> call.must(call::tick));
  }
}
