package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import dev.parley.base.words.Scope;
import dev.parley.feature.rooms.Admission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** All calls of this process, and how one is begun or found. Safe on every thread. */
final class Calls {
  private record Key(ResourceId resource, String id) {}

  private static final Pattern GROUP_ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");
  private static final Pattern ROOM_ID = Pattern.compile("[0-9]{1,32}");

  private final CallContext context;
  private final Map<Key, Call> byId = new ConcurrentHashMap<>();

  /** By {@code group:} or {@code room:} and id: where to meet. */
  private final Map<Key, Call> byPlace = new ConcurrentHashMap<>();

  private final Map<Agents.UserKey, Set<Call>> ringing = new ConcurrentHashMap<>();

  /** Two who call each other at once come one after the other here. */
  private final ReentrantLock starting = new ReentrantLock();

  Calls(CallContext context) {
    this.context = context;
  }

  Optional<Call> find(ResourceId resource, String callId) {
    return Optional.ofNullable(byId.get(new Key(resource, callId)));
  }

  boolean isLive(Call call) {
    return byId.containsKey(new Key(call.place.resource(), call.place.callId()));
  }

  List<Call> all() {
    return List.copyOf(byId.values());
  }

  Call fresh(ResourceId resource, Call.Kind kind, String groupId, String roomId) {
    return open(new Call.Place(context.newId(), resource, kind, groupId, roomId));
  }

  private Call open(Call.Place place) {
    var call = new Call(place, context, this);
    byId.put(new Key(place.resource(), place.callId()), call);
    return call;
  }

  void ended(Call call) {
    byId.remove(new Key(call.place.resource(), call.place.callId()));
    placeOf(call.place).ifPresent(key -> byPlace.remove(key, call));
  }

  private static Optional<Key> placeOf(Call.Place place) {
    if (!place.groupId().isEmpty()) {
      return Optional.of(new Key(place.resource(), "group:" + place.groupId()));
    }
    return place.roomId().isEmpty()
        ? Optional.empty()
        : Optional.of(new Key(place.resource(), "room:" + place.roomId()));
  }

  Optional<Call> inRoom(ResourceId resource, RoomId room) {
    return Optional.ofNullable(byPlace.get(new Key(resource, "room:" + room.value())));
  }

  void rings(Call call, String user) {
    ringing
        .computeIfAbsent(
            new Agents.UserKey(call.place.resource(), user), _ -> ConcurrentHashMap.newKeySet())
        .add(call);
  }

  void ringsNoMore(Call call, String user) {
    ringing.computeIfPresent(
        new Agents.UserKey(call.place.resource(), user),
        (_, calls) -> {
          calls.remove(call);
          return calls.isEmpty() ? null : calls;
        });
  }

  /** The calls that ring at a user. */
  Set<Call> ringingAt(ResourceId resource, String user) {
    return ringing.getOrDefault(new Agents.UserKey(resource, user), Set.of());
  }

  /** {@code call.start}. */
  void start(Agent agent, long id, JsonNode body) {
    needVoip(agent, "start a call");
    var users = Fields.users(body, "participants", CallingConfig.STARTED_WITH_MAX);
    if (users.contains(agent.user)) {
      throw CallProblem.malformed("Nobody can call oneself.");
    }
    var muted = Fields.flag(body, "muted");
    var custom = Fields.customContext(body);
    starting.lock();
    try {
      var mutual = users.size() == 1 ? callFrom(users.getFirst(), agent) : Optional.<Call>empty();
      var call =
          mutual.orElseGet(() ->
              fresh(
                  agent.resource,
                  users.size() == 1 ? Call.Kind.ONE_TO_ONE : Call.Kind.GROUP,
                  "",
                  ""));
      if (mutual.isEmpty() && users.size() == 1) {
        courting.put(pair(agent.resource, agent.user, users.getFirst()), call);
        // Known before the call's own thread rings: the callee's call may be the next to be looked
        // at.
        rings(call, users.getFirst());
      }
      call.request(
          agent,
          id,
          owner -> {
            var met =
                mutual.isPresent() ? owner.ringing.meet(agent, muted) : Optional.<Member>empty();
            if (mutual.isPresent() && met.isEmpty()) {
              throw CallProblem.conflict("The user's own call has just ended or been answered.");
            }
            if (met.isPresent()) {
              return owner.snapshot(met.get());
            }
            return begun(owner, agent, muted, users, custom);
          });
    } finally {
      starting.unlock();
    }
  }

  private com.fasterxml.jackson.databind.node.ObjectNode begun(
      Call call,
      Agent agent,
      boolean muted,
      List<String> users,
      com.fasterxml.jackson.databind.node.@org.jspecify.annotations.Nullable ObjectNode custom) {
    try {
      var me = call.begin(agent, muted);
      for (var user : users) {
        call.ringing.begin(me, user, call.context.config().ringTime(), custom, null);
      }
      return call.snapshot(me);
    } catch (CallProblem problem) {
      users.forEach(user -> ringsNoMore(call, user));
      call.end(problem.reason(), Optional.empty());
      throw problem;
    }
  }

  /** 1:1 calls that ring, by who calls whom. */
  private final Map<Key, Call> courting = new ConcurrentHashMap<>();

  private static Key pair(ResourceId resource, String caller, String callee) {
    return new Key(resource, caller + ">" + callee);
  }

  private Optional<Call> callFrom(String caller, Agent callee) {
    courting.values().removeIf(call -> !isLive(call));
    return Optional.ofNullable(courting.get(pair(callee.resource, caller, callee.user)))
        .filter(call -> ringingAt(callee.resource, callee.user).contains(call));
  }

  /** {@code call.join}. */
  void join(Agent agent, long id, JsonNode body) {
    var muted = Fields.flag(body, "muted");
    if (body.has("callId")) {
      again(agent, id, muted, Fields.text(body, "callId", 64));
    } else if (body.has("roomId")) {
      joinRoom(agent, id, muted, matching(body, "roomId", ROOM_ID));
    } else {
      joinGroup(agent, id, muted, matching(body, "groupId", GROUP_ID));
    }
  }

  private static String matching(JsonNode body, String name, Pattern pattern) {
    var text = Fields.text(body, name, 64);
    if (!pattern.matcher(text).matches()) {
      throw CallProblem.malformed("The member " + name + " is malformed.");
    }
    return text;
  }

  private void joinGroup(Agent agent, long id, boolean muted, String groupId) {
    var key = new Key(agent.resource, "group:" + groupId);
    if (!byPlace.containsKey(key)) {
      needVoip(agent, "start a call");
    }
    var call =
        byPlace.computeIfAbsent(key, _ -> fresh(agent.resource, Call.Kind.GROUP, groupId, ""));
    call.request(
        agent,
        id,
        owner -> owner.snapshot(owner.join(agent, CallRole.UNKNOWN, muted, false)),
        // The last one has just left; then it is a new call, if the caller may begin one.
        () -> retried(agent, id, () -> joinGroup(agent, id, muted, groupId)));
  }

  private void joinRoom(Agent agent, long id, boolean muted, String roomId) {
    var admitted = admitted(agent, roomId);
    var key = new Key(agent.resource, "room:" + roomId);
    var call = byPlace.computeIfAbsent(key, _ -> fresh(agent.resource, Call.Kind.ROOM, "", roomId));
    call.request(
        agent,
        id,
        owner -> {
          owner.terms.validUntil(admitted.until());
          var role = CallRole.of(admitted.role());
          return owner.snapshot(owner.join(agent, role, muted, true));
        },
        () -> retried(agent, id, () -> joinRoom(agent, id, muted, roomId)));
  }

  private static void retried(Agent agent, long id, Runnable join) {
    try {
      join.run();
    } catch (CallProblem problem) {
      agent.send(Notices.error(id, problem.reason()));
    }
  }

  private Admission.Admitted admitted(Agent agent, String roomId) {
    return switch (context.rooms().admission(agent.caller(), new RoomId(roomId))) {
      case Admission.Admitted admitted -> admitted;
      case Admission.NoSuchRoom _ -> throw new CallProblem(EndReason.NO_SUCH_ROOM);
      case Admission.NotInvited _ -> throw new CallProblem(EndReason.NOT_INVITED);
      case Admission.NotYetOpen _, Admission.Ended _ -> throw new CallProblem(EndReason.NOT_VALID);
    };
  }

  /** Back into a call that the user was in when the server or the session ended. */
  private void again(Agent agent, long id, boolean muted, String callId) {
    var before =
        context
            .log()
            .mayReturn(agent.resource, callId, agent.user)
            .orElseThrow(() -> new CallProblem(EndReason.NO_SUCH_CALL));
    if (before.kind() == Call.Kind.ROOM) {
      joinRoom(agent, id, muted, before.roomId());
      return;
    }
    var call =
        byId.computeIfAbsent(new Key(agent.resource, callId), _ -> new Call(before, context, this));
    placeOf(before).ifPresent(key -> byPlace.putIfAbsent(key, call));
    call.request(
        agent, id, owner -> owner.snapshot(owner.join(agent, CallRole.UNKNOWN, muted, true)));
  }

  private static void needVoip(Agent agent, String what) {
    if (!agent.caller().scopes().contains(Scope.VOIP)) {
      throw CallProblem.forbidden("A token with voip.join alone may not " + what + ".");
    }
  }
}
