package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

  /** What happens within this time is told at once: a moment in a small call, longer in a crowd. */
  private static final long GATHER_NANOS_EACH = 5_000_000;

  private static final long GATHER_NANOS_MAX = 100_000_000;
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(60);

  final Place place;
  final CallContext context;
  final Calls calls;
  final Roster roster;
  final Ringing ringing;
  final RoomTerms terms;
  final Floor floor;
  final CallMedia media;
  private final Attendance attendance;
  private final Mailbox mailbox;
  private Kind kind;
  private boolean open;
  private boolean ended;
  private @Nullable Member starter;
  private @Nullable Consumer<Optional<EndReason>> outcome;
  private boolean transferring;
  private Instant aliveAt = Instant.MIN;

  Call(Place place, CallContext context, Calls calls) {
    this.place = place;
    this.context = context;
    this.calls = calls;
    this.kind = place.kind();
    this.roster = new Roster(place.callId());
    this.ringing = new Ringing(this);
    this.terms = new RoomTerms(this);
    this.attendance = new Attendance(this);
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
      mailbox.flushSoon(Math.min(GATHER_NANOS_MAX, roster.size() * GATHER_NANOS_EACH));
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
      return ringing.isHeard() ? "Ringing" : "Connecting";
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
    var ring = ringing.of(agent.user);
    var known = invited || ring.isPresent() || mine.stream().anyMatch(one -> !one.inLobby);
    var waits = context.config().lobby() && kind == Kind.GROUP && open && !known;
    open = true;
    var member = enter(agent, role, muted, roster.size() == 0, waits);
    ring.ifPresent(one -> ringing.stop(one, EndReason.ACCEPTED_ELSEWHERE));
    return member;
  }

  /**
   * Somebody who was called comes.
   *
   * @param agent null when server code takes the callee's place
   */
  Member answered(String user, @Nullable Agent agent, boolean muted) {
    var role = kind == Kind.ROOM ? CallRole.ATTENDEE : CallRole.UNKNOWN;
    var member =
        agent == null
            ? place(new Member(context.newId(), user, null, "", role, false, now()))
            : enter(agent, role, muted, false, false);
    open = true;
    // The answer tells the state; only others hear of its change.
    member.toldState = stateFor(member);
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

  /** Whether somebody came at last, or why nobody did. */
  void decided(Optional<EndReason> how) {
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
    ringing.end();
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
    ringing.tick(now);
    attendance.tick(now);
    terms.tick(now);
    if (ended) {
      return;
    }
    media.tick();
    if (!now.isBefore(aliveAt.plus(ALIVE_EVERY))) {
      aliveAt = now;
      context.log().alive(place);
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
    ringing.tellAgain(agent);
  }

  /** An agent is no more. */
  void gone(Agent agent, EndReason reason) {
    roster.of(agent).ifPresent(member -> leave(member, reason, EndReason.LEFT));
    ringing.gone(agent);
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
      starter.putPerson(json, "caller");
    }
    roster.putParticipants(json, member);
    ringing.put(json);
    floor.put(json);
    media.put(json);
    return json;
  }

  static ObjectNode done() {
    return Notices.object();
  }
}
