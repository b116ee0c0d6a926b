package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import dev.parley.feature.rooms.Admission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call and its owner: everything here happens on the call's thread, but for {@link #request},
 * {@link #must} and what is final. A call rings, is open, and ends once.
 */
final class Call {
  /** What kind of call it is; a {@link #ONE_TO_ONE} becomes a {@link #GROUP}. */
  enum Kind {
    ONE_TO_ONE("oneToOne"),
    GROUP("group"),
    ROOM("room");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * What a call is about.
   *
   * @param groupId empty text for none
   * @param roomId empty text for none
   */
  record Place(String callId, ResourceId resource, Kind kind, String groupId, String roomId) {
    /** What server code finds the call by: one word, as it stands in subjects of events. */
    String serverCallId() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(("parley:call:" + callId).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static final long GATHER_NANOS = 100_000_000;
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(60);

  final Place place;
  final CallContext context;
  final Calls calls;
  final Roster roster;
  final Floor floor;
  final CallMedia media;
  private final Mailbox mailbox;
  private final Map<String, Ring> rings = new LinkedHashMap<>();
  private Kind kind;
  private boolean open;
  private boolean ended;
  private @Nullable Member starter;
  private @Nullable Consumer<Optional<EndReason>> outcome;
  private boolean transferring;
  private Instant validUntil = Instant.MAX;
  private Instant aliveAt = Instant.MIN;

  Call(Place place, CallContext context, Calls calls) {
    this.place = place;
    this.context = context;
    this.calls = calls;
    this.kind = place.kind();
    this.roster = new Roster(place.callId());
    this.floor = new Floor(this);
    this.media = new CallMedia(this, context.media());
    this.mailbox = new Mailbox(this::flush);
    mailbox.start("call-" + place.callId());
  }

  private void flush() {
    roster.flush();
    media.flush();
  }

  Kind kind() {
    return kind;
  }

  boolean isOpen() {
    return open;
  }

  Instant now() {
    return context.clock().now(place.resource());
  }

  // What others call.

  /** Has a request done and answered. */
  void request(Agent agent, long id, CallTask task) {
    request(agent, id, task, () -> agent.send(Notices.error(id, EndReason.NO_SUCH_CALL)));
  }

  /**
   * The same.
   *
   * @param over what to do when the call has ended before
   */
  void request(Agent agent, long id, CallTask task, Runnable over) {
    Runnable work =
        () -> {
          if (ended) {
            over.run();
            return;
          }
          try {
            agent.send(Notices.ok(id, task.run(this)));
          } catch (CallProblem problem) {
            agent.send(Notices.error(id, problem.reason()));
          } catch (RuntimeException e) {
            agent.send(Notices.error(id, EndReason.SERVER_FAILED));
            throw e;
          } finally {
            changed();
            abandonIfEmpty();
          }
        };
    if (!mailbox.post(work)) {
      if (calls.isLive(this)) {
        agent.send(Notices.error(id, EndReason.TOO_BUSY));
      } else {
        over.run();
      }
    }
  }

  /** Nobody came in after all. */
  private void abandonIfEmpty() {
    if (!ended && starter == null) {
      ended = true;
      calls.ended(this);
      mailbox.close();
    }
  }

  /** A piece of work of a request; returns the answer. */
  interface CallTask {
    ObjectNode run(Call call);
  }

  /** Has something done that must not be lost; false when the call is over. */
  boolean must(Runnable task) {
    return mailbox.must(() -> {
      if (!ended) {
        task.run();
        changed();
      }
    });
  }

  /** Tells each client the state of the call if it is another one, and soon everybody the rest. */
  private void changed() {
    if (ended) {
      return;
    }
    for (var member : roster.all()) {
      var state = stateFor(member);
      if (!state.equals(member.toldState)) {
        member.toldState = state;
        member.tell(Notices.body(Notices.of("call.changed", place.callId()).put("state", state)));
      }
    }
    if (roster.pending() || media.pending()) {
      mailbox.flushSoon(GATHER_NANOS);
    } else {
      mailbox.flushed();
    }
  }

  /** {@code CallState} as one participant sees it. */
  private String stateFor(Member member) {
    if (member.inLobby) {
      return "InLobby";
    }
    if (!open) {
      return rings.values().stream().anyMatch(ring -> !ring.told().isEmpty())
          ? "Ringing"
          : "Connecting";
    }
    if (member.held) {
      return "LocalHold";
    }
    return kind == Kind.ONE_TO_ONE && other(member).map(one -> one.held).orElse(false)
        ? "RemoteHold"
        : "Connected";
  }

  Optional<Member> other(Member member) {
    return roster.inside().stream().filter(one -> one != member).findFirst();
  }

  // Coming in.

  /** The first participant of a call that rings elsewhere. */
  Member begin(Agent agent, boolean muted) {
    return enter(agent, CallRole.UNKNOWN, muted, true, false);
  }

  /** What comes of it is told once: nothing when somebody came, else why nobody did. */
  void whenDecided(Consumer<Optional<EndReason>> hearer) {
    outcome = hearer;
  }

  /** Comes to a call of a group, or takes its place in any call again. */
  Member join(Agent agent, CallRole role, boolean muted, boolean invited) {
    var here = roster.of(agent);
    if (here.isPresent()) {
      return here.get();
    }
    var mine = roster.named(agent.user);
    if (kind == Kind.ONE_TO_ONE && open && !mine.isEmpty() && mine.getFirst().agent != null) {
      // The call moves from one client of the user's to another.
      return replace(mine.getFirst(), agent);
    }
    var ring = rings.get(agent.user);
    var known =
        invited || ring != null || roster.named(agent.user).stream().anyMatch(one -> !one.inLobby);
    var waits = context.config().lobby() && kind == Kind.GROUP && open && !known;
    open = true;
    var member = enter(agent, role, muted, roster.size() == 0, waits);
    if (ring != null) {
      stopRinging(ring, EndReason.ACCEPTED_ELSEWHERE);
    }
    return member;
  }

  /** Answers the ring; the first of the callee's agents gets it. */
  Member accept(Agent agent, boolean muted) {
    var ring = rings.get(agent.user);
    if (ring == null || !ring.told().contains(agent)) {
      throw new CallProblem(
          roster.named(agent.user).isEmpty()
              ? EndReason.client(400, 41006, "The call does not ring here.")
              : EndReason.ACCEPTED_ELSEWHERE);
    }
    return answered(ring, agent, muted);
  }

  /** The callee's own call to the caller is taken as an answer (glare). */
  Optional<Member> meet(Agent agent, boolean muted) {
    var ring = rings.get(agent.user);
    return ring == null || open ? Optional.empty() : Optional.of(answered(ring, agent, muted));
  }

  private Member answered(Ring ring, @Nullable Agent agent, boolean muted) {
    var role = kind == Kind.ROOM ? CallRole.ATTENDEE : CallRole.UNKNOWN;
    Member member;
    if (agent == null) {
      member = place(new Member(context.newId(), ring.user(), null, "", role, false, now()));
    } else {
      // It may ring where the agent has too many calls already; then it goes on ringing.
      member = enter(agent, role, muted, false, false);
    }
    open = true;
    // The answer tells the state; only others hear of its change.
    member.toldState = stateFor(member);
    stopRinging(ring, EndReason.ACCEPTED_ELSEWHERE);
    decided(Optional.empty());
    return member;
  }

  private Member enter(Agent agent, CallRole role, boolean muted, boolean first, boolean waits) {
    if (roster.size() >= CallingConfig.PARTICIPANTS_MAX) {
      throw new CallProblem(EndReason.FULL);
    }
    if (!agent.add(this)) {
      throw CallProblem.conflict("The client is in too many calls.");
    }
    var member =
        new Member(context.newId(), agent.user, agent, agent.displayName(), role, first, now());
    member.muted = muted || !role.can(CallRole.Capability.UNMUTE_MIC);
    member.inLobby = waits;
    return place(member);
  }

  private Member place(Member member) {
    roster.flush();
    roster.add(member);
    if (starter == null) {
      starter = member;
      context.log().started(place, member);
      aliveAt = now();
    }
    if (!member.inLobby) {
      context.log().joined(place, member);
    }
    member.toldState = stateFor(member);
    return member;
  }

  // Ringing.

  /** Calls somebody. */
  void ring(
      Member inviter,
      String user,
      Duration time,
      @Nullable ObjectNode custom,
      @Nullable Member transferor) {
    if (rings.containsKey(user)) {
      throw CallProblem.conflict("It rings there already.");
    }
    var agents = context.agents().of(place.resource(), user);
    var now = now();
    var wait = agents.isEmpty() ? CallingConfig.UNREGISTERED_TIME : time;
    var id = context.newId();
    var token = context.contexts().of(place, id, user, now.plus(time));
    var ring = new Ring(id, user, inviter, now, now.plus(wait), token, custom, transferor);
    rings.put(user, ring);
    calls.rings(this, user);
    context.log().rang(place, ring);
    agents.forEach(this::ringAt);
    tellInvited();
  }

  /** Rings at one more of the callee's agents; once, though two may have seen it come. */
  void ringAt(Agent agent) {
    var ring = rings.get(agent.user);
    if (ring == null
        || ring.told().contains(agent)
        || roster.of(agent).isPresent()
        || !agent.add(this)) {
      return;
    }
    if (ring.until().equals(ring.since().plus(CallingConfig.UNREGISTERED_TIME))) {
      // Somebody is there after all.
      ring = ring.lasting(now().plus(context.config().ringTime()));
      rings.put(agent.user, ring);
    }
    ring.told().add(agent);
    agent.tell(Notices.body(incoming(ring)));
  }

  private ObjectNode incoming(Ring ring) {
    var json =
        Notices.of("incoming", place.callId())
            .put("serverCallId", place.serverCallId())
            .put("kind", kind.word());
    putPerson(json, "from", ring.inviter());
    if (ring.customContext() != null) {
      json.set("customContext", ring.customContext());
    }
    var transferor = ring.transferor();
    if (transferor != null) {
      putPerson(json, "transferor", transferor);
    }
    return json;
  }

  static void putPerson(ObjectNode json, String name, Member member) {
    json.putObject(name).put("user", member.user).put("displayName", member.displayName);
  }

  /** An agent says no; that goes for the user. */
  void reject(Agent agent, boolean busy) {
    var ring = rings.get(agent.user);
    if (ring == null || !ring.told().contains(agent)) {
      throw new CallProblem(EndReason.client(400, 41007, "The call does not ring here."));
    }
    unanswered(ring, busy ? EndReason.BUSY : EndReason.DECLINED, EndReason.CANCELLED);
  }

  Optional<Ring> ringOf(String user) {
    return Optional.ofNullable(rings.get(user));
  }

  private Ring ringById(String ringId) {
    return rings.values().stream()
        .filter(ring -> ring.id().equals(ringId))
        .findFirst()
        .orElseThrow(() -> CallProblem.conflict("It does not ring any more."));
  }

  /** Server code takes part in the place of the callee. */
  Member claim(String ringId) {
    return answered(ringById(ringId), null, false);
  }

  /** Server code has it ring elsewhere. */
  void redirect(String ringId, String user) {
    var ring = ringById(ringId);
    stopRinging(ring, EndReason.CANCELLED);
    ring(
        ring.inviter(), user, context.config().ringTime(), ring.customContext(), ring.transferor());
  }

  /** Server code says no in the place of the callee. */
  void reject(String ringId, EndReason reason) {
    unanswered(ringById(ringId), reason, EndReason.CANCELLED);
  }

  /**
   * Nobody came.
   *
   * @param reason for the caller
   * @param there for the callee's agents
   */
  void unanswered(Ring ring, EndReason reason, EndReason there) {
    stopRinging(ring, there);
    if (!open && rings.isEmpty()) {
      end(reason, Optional.empty());
    }
  }

  private void stopRinging(Ring ring, EndReason reason) {
    rings.remove(ring.user(), ring);
    calls.ringsNoMore(this, ring.user());
    var body = Notices.body(Notices.ended("incoming.ended", place.callId(), reason));
    for (var agent : ring.told()) {
      if (roster.of(agent).isEmpty()) {
        agent.remove(this);
      }
      agent.tell(body);
    }
    tellInvited();
  }

  private void tellInvited() {
    if (kind != Kind.ONE_TO_ONE && open) {
      var json = Notices.of("call.changed", place.callId());
      putInvited(json);
      roster.tell(json, _ -> true);
    }
  }

  private void putInvited(ObjectNode json) {
    var list = json.putArray("invited");
    rings
        .values()
        .forEach(ring ->
            list.addObject()
                .put("user", ring.user())
                .put("state", ring.told().isEmpty() ? "Connecting" : "Ringing"));
  }

  private void decided(Optional<EndReason> how) {
    var hearer = outcome;
    outcome = null;
    if (hearer != null) {
      hearer.accept(how);
    }
  }

  // Going out.

  /** Somebody goes; the last one ends the call, and so does either of two. */
  void leave(Member member, EndReason reason, EndReason forOthers) {
    remove(member, reason);
    var inside = roster.inside();
    if (!open && member.starter) {
      end(EndReason.CANCELLED, Optional.of(member));
    } else if (inside.isEmpty() || (open && kind == Kind.ONE_TO_ONE)) {
      end(forOthers, Optional.of(member));
    }
  }

  private void remove(Member member, EndReason reason) {
    roster.remove(member, reason);
    floor.left(member);
    media.left(member);
    if (!member.inLobby) {
      context.log().left(place, member, reason);
    }
    if (member.agent != null) {
      member.agent.remove(this);
      member.agent.tell(Notices.body(Notices.ended("call.ended", place.callId(), reason)));
    }
  }

  /** Ends everything. */
  void end(EndReason reason, Optional<Member> by) {
    if (ended) {
      return;
    }
    for (var ring : List.copyOf(rings.values())) {
      stopRinging(ring, open ? EndReason.LEFT : EndReason.CANCELLED);
    }
    for (var member : roster.all()) {
      remove(member, reason);
    }
    ended = true;
    media.end();
    context.log().ended(place, starter, kind, reason, by);
    calls.ended(this);
    mailbox.close();
    decided(Optional.of(reason));
  }

  // Time and the outside.

  /** Time has passed, or a socket came or went. */
  void tick() {
    var now = now();
    for (var ring : List.copyOf(rings.values())) {
      if (!now.isBefore(ring.until())) {
        unanswered(
            ring,
            ring.told().isEmpty() ? EndReason.NOBODY_THERE : EndReason.NO_ANSWER,
            EndReason.NO_ANSWER);
      }
    }
    for (var member : roster.all()) {
      if (!ended && member.agent != null) {
        look(member, member.agent, now);
      }
    }
    if (!ended && isForsaken(now)) {
      end(EndReason.GONE, Optional.empty());
    }
    if (!ended && !now.isBefore(validUntil)) {
      end(EndReason.NOT_VALID, Optional.empty());
    }
    if (!ended) {
      media.tick();
    }
    if (!ended && !now.isBefore(aliveAt.plus(ALIVE_EVERY))) {
      aliveAt = now;
      context.log().alive(place);
    }
  }

  /** After a restart of the server one of two may come back, and the other one not. */
  private boolean isForsaken(Instant now) {
    var inside = roster.inside();
    return kind == Kind.ONE_TO_ONE
        && open
        && inside.size() == 1
        && !now.isBefore(inside.getFirst().joinedAt.plus(CallingConfig.RESUME_TIME));
  }

  private void look(Member member, Agent agent, Instant now) {
    var lostAt = agent.lostAt();
    if (lostAt == null) {
      back(member);
      listen(member, agent, Duration.between(agent.heard(), now));
    } else {
      var since = Duration.between(lostAt, now);
      if (!member.lost) {
        member.lost = true;
        roster.changeState(member);
      }
      if (since.compareTo(CallingConfig.RESUME_TIME) >= 0) {
        leave(member, EndReason.GONE, EndReason.LEFT);
      } else if (!member.away && since.compareTo(CallingConfig.SHOWN_FOR) >= 0) {
        roster.hide(member, EndReason.GONE);
        member.away = true;
      }
    }
    if (member.inLobby
        && !now.isBefore(member.joinedAt.plus(context.config().lobbyTime()))
        && roster.byId(member.id).isPresent()) {
      leave(member, EndReason.LOBBY_TIMEOUT, EndReason.LEFT);
    }
  }

  private void back(Member member) {
    if (member.away) {
      member.away = false;
      member.lost = false;
      roster.show(member);
    } else if (member.lost) {
      member.lost = false;
      roster.changeState(member);
    }
  }

  private static void listen(Member member, Agent agent, Duration silence) {
    if (silence.compareTo(CallingConfig.DEAD_AFTER) >= 0) {
      agent.dead();
    } else if (silence.compareTo(CallingConfig.ASKED_AFTER) < 0) {
      member.asked = false;
    } else if (!member.asked) {
      member.asked = true;
      agent.send("{\"ping\":1}");
    }
  }

  /** An agent came back and has missed too much to be told one by one. */
  void tellAgain(Agent agent) {
    roster.flush();
    roster
        .of(agent)
        .ifPresent(member -> {
          var json = Notices.of("call", place.callId());
          json.set("call", snapshot(member));
          agent.tell(Notices.body(json));
        });
    ringOf(agent.user)
        .filter(ring -> ring.told().contains(agent))
        .ifPresent(ring -> agent.tell(Notices.body(incoming(ring))));
  }

  /** An agent is no more. */
  void gone(Agent agent, EndReason reason) {
    roster.of(agent).ifPresent(member -> leave(member, reason, EndReason.LEFT));
    ringOf(agent.user)
        .ifPresent(ring -> {
          agent.remove(this);
          if (ring.told().remove(agent) && ring.told().isEmpty()) {
            unanswered(ring, EndReason.NOBODY_THERE, EndReason.CANCELLED);
          }
        });
  }

  /** The call's room, its list or somebody's role in it may be another. */
  void askRoomAgain() {
    for (var member : roster.all()) {
      var agent = member.agent;
      if (agent == null) {
        continue;
      }
      switch (context.rooms().admission(agent.caller(), new RoomId(place.roomId()))) {
        case Admission.Admitted admitted -> {
          validUntil = admitted.until();
          changeRole(member, CallRole.of(admitted.role()));
        }
        case Admission.NotInvited _ -> leave(member, EndReason.REMOVED_BY_SERVER, EndReason.LEFT);
        case Admission.NoSuchRoom _ -> end(EndReason.ENDED_BY_SERVER, Optional.empty());
        case Admission.NotYetOpen _, Admission.Ended _ ->
            end(EndReason.NOT_VALID, Optional.empty());
      }
      if (ended) {
        return;
      }
    }
  }

  void validUntil(Instant until) {
    validUntil = until;
  }

  private void changeRole(Member member, CallRole role) {
    if (member.role == role) {
      return;
    }
    member.role = role;
    roster.change(member).put("role", role.word());
    if (!role.can(CallRole.Capability.UNMUTE_MIC)) {
      mute(member, true);
    }
    media.regulate(member);
    var json = Notices.of("call.changed", place.callId()).put("role", role.word());
    json.set("capabilities", role.capabilitiesJson(false));
    member.tell(Notices.body(json));
  }

  void mute(Member member, boolean muted) {
    if (member.muted != muted) {
      member.muted = muted;
      roster.change(member).put("muted", muted);
      media.regulate(member);
    }
  }

  /** One comes and another goes, as a transfer has it; a 1:1 call stays one. */
  Member replace(Agent leaving, Agent coming) {
    if (!open) {
      throw CallProblem.conflict("The call rings.");
    }
    return replace(
        roster.of(leaving).orElseThrow(() -> new CallProblem(EndReason.NO_SUCH_CALL)), coming);
  }

  private Member replace(Member before, Agent coming) {
    var member = enter(coming, before.role, false, false, false);
    remove(before, EndReason.LEFT);
    return member;
  }

  /** Lets somebody in from the lobby. */
  void admit(Member member) {
    roster.flush();
    member.inLobby = false;
    member.toldState = stateFor(member);
    context.log().joined(place, member);
    media.admitted();
    roster.show(member);
    roster.flush();
    var json = Notices.of("call", place.callId());
    json.set("call", snapshot(member));
    member.tell(Notices.body(json));
  }

  /** Becomes a call of many. */
  void promote() {
    if (kind == Kind.ONE_TO_ONE) {
      kind = Kind.GROUP;
      roster.tell(Notices.of("call.changed", place.callId()).put("kind", kind.word()), _ -> true);
    }
  }

  boolean transferring() {
    return transferring;
  }

  void transferring(boolean underway) {
    transferring = underway;
  }

  /** Everything that one participant may see. */
  ObjectNode snapshot(Member member) {
    var json =
        Notices.object()
            .put("callId", place.callId())
            .put("serverCallId", place.serverCallId())
            .put("kind", kind.word())
            .put("state", stateFor(member))
            .put("direction", member.starter || kind != Kind.ONE_TO_ONE ? "Outgoing" : "Incoming");
    if (!place.groupId().isEmpty()) {
      json.put("groupId", place.groupId());
    }
    if (!place.roomId().isEmpty()) {
      json.put("roomId", place.roomId());
    }
    json.put("me", member.id).put("role", member.role.word());
    json.set("capabilities", member.role.capabilitiesJson(false));
    if (starter != null) {
      putPerson(json, "caller", starter);
    }
    roster.putParticipants(json, member);
    putInvited(json);
    floor.put(json);
    media.put(json);
    return json;
  }

  static ObjectNode done() {
    return Notices.object();
  }
}
