package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is called and has not come yet: where it rings, who answers, and why it ends in vain. Belongs
 * to the call's thread.
 */
final class Ringing {
  private final Call call;
  private final CallContext context;

  /** By user: one ring reaches all agents of the callee. */
  private final Map<String, Ring> rings = new LinkedHashMap<>();

  Ringing(Call call) {
    this.call = call;
    context = call.context;
  }

  /** Calls somebody. */
  void begin(
      Member inviter,
      String user,
      Duration time,
      @Nullable ObjectNode custom,
      @Nullable Member transferor) {
    if (rings.containsKey(user)) {
      throw CallProblem.conflict("It rings there already.");
    }
    var place = call.place;
    var agents = context.agents().of(place.resource(), user);
    var now = call.now();
    var wait = agents.isEmpty() ? CallingConfig.UNREGISTERED_TIME : time;
    var id = context.newId();
    var token = context.contexts().of(place, id, user, now.plus(time));
    var ring = new Ring(id, user, inviter, now, now.plus(wait), token, custom, transferor);
    rings.put(user, ring);
    call.calls.rings(call, user);
    context.log().rang(place, ring);
    agents.forEach(this::at);
    tellInvited();
  }

  /** Rings at one more of the callee's agents; once, though two may have seen it come. */
  void at(Agent agent) {
    var ring = rings.get(agent.user);
    if (ring == null
        || ring.told().contains(agent)
        || call.roster.of(agent).isPresent()
        || !agent.add(call)) {
      return;
    }
    if (ring.until().equals(ring.since().plus(CallingConfig.UNREGISTERED_TIME))) {
      // Somebody is there after all.
      ring = ring.lasting(call.now().plus(context.config().ringTime()));
      rings.put(agent.user, ring);
    }
    ring.told().add(agent);
    agent.tell(Notices.body(incoming(ring)));
  }

  private ObjectNode incoming(Ring ring) {
    var json =
        Notices.of("incoming", call.place.callId())
            .put("serverCallId", call.place.serverCallId())
            .put("kind", call.kind().word());
    ring.inviter().putPerson(json, "from");
    if (ring.customContext() != null) {
      json.set("customContext", ring.customContext());
    }
    var transferor = ring.transferor();
    if (transferor != null) {
      transferor.putPerson(json, "transferor");
    }
    return json;
  }

  /** An agent came back and has missed too much to be told one by one. */
  void tellAgain(Agent agent) {
    of(agent.user)
        .filter(ring -> ring.told().contains(agent))
        .ifPresent(ring -> agent.tell(Notices.body(incoming(ring))));
  }

  Optional<Ring> of(String user) {
    return Optional.ofNullable(rings.get(user));
  }

  /** Whether nobody is being called. */
  boolean isOver() {
    return rings.isEmpty();
  }

  /** Whether it rings at any client. */
  boolean isHeard() {
    return rings.values().stream().anyMatch(ring -> !ring.told().isEmpty());
  }

  // Somebody comes.

  /** Answers the ring; the first of the callee's agents gets it. */
  Member accept(Agent agent, boolean muted) {
    var ring = rings.get(agent.user);
    if (ring == null || !ring.told().contains(agent)) {
      throw new CallProblem(
          call.roster.named(agent.user).isEmpty()
              ? EndReason.client(400, 41006, "The call does not ring here.")
              : EndReason.ACCEPTED_ELSEWHERE);
    }
    return answered(ring, agent, muted);
  }

  /** The callee's own call to the caller is taken as an answer (glare). */
  Optional<Member> meet(Agent agent, boolean muted) {
    var ring = rings.get(agent.user);
    return ring == null || call.isOpen()
        ? Optional.empty()
        : Optional.of(answered(ring, agent, muted));
  }

  /** Server code takes part in the place of the callee. */
  Member claim(String ringId) {
    return answered(byId(ringId), null, false);
  }

  private Member answered(Ring ring, @Nullable Agent agent, boolean muted) {
    // It may ring where the agent has too many calls already; then it goes on ringing.
    var member = call.answered(ring.user(), agent, muted);
    stop(ring, EndReason.ACCEPTED_ELSEWHERE);
    call.decided(Optional.empty());
    return member;
  }

  // Nobody comes.

  /** An agent says no; that goes for the user. */
  void reject(Agent agent, boolean busy) {
    var ring = rings.get(agent.user);
    if (ring == null || !ring.told().contains(agent)) {
      throw new CallProblem(EndReason.client(400, 41007, "The call does not ring here."));
    }
    endInVain(ring, busy ? EndReason.BUSY : EndReason.DECLINED, EndReason.CANCELLED);
  }

  /** Server code says no in the place of the callee. */
  void reject(String ringId, EndReason reason) {
    endInVain(byId(ringId), reason, EndReason.CANCELLED);
  }

  /** Server code has it ring elsewhere. */
  void redirect(String ringId, String user) {
    var ring = byId(ringId);
    stop(ring, EndReason.CANCELLED);
    begin(
        ring.inviter(), user, context.config().ringTime(), ring.customContext(), ring.transferor());
  }

  private Ring byId(String ringId) {
    return rings.values().stream()
        .filter(ring -> ring.id().equals(ringId))
        .findFirst()
        .orElseThrow(() -> CallProblem.conflict("It does not ring any more."));
  }

  /** Time has passed. */
  void tick(Instant now) {
    for (var ring : List.copyOf(rings.values())) {
      if (!now.isBefore(ring.until())) {
        endInVain(
            ring,
            ring.told().isEmpty() ? EndReason.NOBODY_THERE : EndReason.NO_ANSWER,
            EndReason.NO_ANSWER);
      }
    }
  }

  /** An agent is no more. */
  void gone(Agent agent) {
    of(agent.user)
        .ifPresent(ring -> {
          agent.remove(call);
          if (ring.told().remove(agent) && ring.told().isEmpty()) {
            endInVain(ring, EndReason.NOBODY_THERE, EndReason.CANCELLED);
          }
        });
  }

  /**
   * Nobody came; a call that nobody else may still come to is over.
   *
   * @param reason for the caller
   * @param there for the callee's agents
   */
  void endInVain(Ring ring, EndReason reason, EndReason there) {
    stop(ring, there);
    if (!call.isOpen() && rings.isEmpty()) {
      call.end(reason, Optional.empty());
    }
  }

  /** The call is over. */
  void end() {
    for (var ring : List.copyOf(rings.values())) {
      stop(ring, call.isOpen() ? EndReason.LEFT : EndReason.CANCELLED);
    }
  }

  /** It rings there no more. */
  void stop(Ring ring, EndReason reason) {
    rings.remove(ring.user(), ring);
    call.calls.ringsNoMore(call, ring.user());
    var body = Notices.body(Notices.ended("incoming.ended", call.place.callId(), reason));
    for (var agent : ring.told()) {
      if (call.roster.of(agent).isEmpty()) {
        agent.remove(call);
      }
      agent.tell(body);
    }
    tellInvited();
  }

  // What those in the call are told of it.

  private void tellInvited() {
    if (call.kind() != Call.Kind.ONE_TO_ONE && call.isOpen()) {
      var json = Notices.of("call.changed", call.place.callId());
      put(json);
      call.roster.tell(json, _ -> true);
    }
  }

  /** {@code invited} of a snapshot. */
  void put(ObjectNode json) {
    var list = json.putArray("invited");
    rings
        .values()
        .forEach(ring ->
            list.addObject()
                .put("user", ring.user())
                .put("state", ring.told().isEmpty() ? "Connecting" : "Ringing"));
  }
}
