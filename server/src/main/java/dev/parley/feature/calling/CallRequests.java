package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.feature.calling.CallRole.Capability;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a client may ask of a call that it knows. Runs on the call's thread. */
final class CallRequests {
  private static final Set<String> REACTIONS =
      Set.of("like", "heart", "laugh", "surprised", "applause");
  private static final Set<String> TYPES = Set.of("Audio", "Video", "ScreenSharing");
  private static final int STREAMS_MAX = 32;
  private static final int STREAMS_KEPT_MAX = 200;

  private CallRequests() {}

  /**
   * Does one request.
   *
   * @return the answer
   */
  static ObjectNode perform(Call call, Agent agent, String verb, JsonNode body) {
    switch (verb) {
      case "call.accept" -> {
        return call.snapshot(call.ringing.accept(agent, Fields.flag(body, "muted")));
      }
      case "call.reject" -> {
        call.ringing.reject(agent, Fields.flag(body, "busy"));
        return Call.done();
      }
      default -> {}
    }
    var me = call.roster.of(agent).orElseThrow(() -> new CallProblem(EndReason.NO_SUCH_CALL));
    switch (verb) {
      case "call.leave" -> {
        return leave(call, me, body);
      }
      case "snapshot" -> {
        call.roster.flush();
        return call.snapshot(me);
      }
      default -> {}
    }
    if (me.inLobby) {
      throw CallProblem.conflict("The participant is in the lobby.");
    }
    return inside(call, me, verb, body);
  }

  private static ObjectNode inside(Call call, Member me, String verb, JsonNode body) {
    switch (verb) {
      case "me" -> me(call, me, body);
      case "call.add" -> add(call, me, body);
      case "call.remove" -> remove(call, me, body);
      case "mute" -> mute(call, me, body);
      case "hold", "resume" -> hold(call, me, verb.equals("hold"));
      case "transfer" -> Transfers.transfer(call, me, body);
      case "lobby.admit" -> {
        return admit(call, me, body);
      }
      case "lobby.reject" -> {
        return deny(call, me, body);
      }
      case "hand.raise" -> {
        me.role.need(Capability.RAISE_HAND);
        call.floor.raise(me);
      }
      case "hand.lower" -> lower(call, me, body);
      case "reaction" -> react(call, me, body);
      case "spotlight.start" -> {
        me.role.need(Capability.SPOTLIGHT);
        call.floor.spotlight(orMe(call, me, body));
      }
      case "spotlight.stop" -> unspotlight(call, me, body);
      case "text" -> text(call, me, body);
      case "data" -> data(call, me, body);
      case "stats" -> stats(me, body);
      case "captions.start", "captions.stop", "captions.language" ->
          throw CallProblem.lacking("This server has no speech engine.");
      case "dtmf" -> throw CallProblem.lacking("Nobody listens for tones in this call.");
      case "media.publish" -> {
        return call.media.publish(me, body);
      }
      case "media.subscribe" -> {
        return call.media.subscribe(me, body);
      }
      case "media.answer" -> {
        return call.media.answered(me, body);
      }
      case "media.restart" -> {
        return call.media.restart(me, body);
      }
      default -> throw CallProblem.malformed("There is no request " + shortened(verb) + ".");
    }
    return Call.done();
  }

  static String shortened(String verb) {
    return verb.length() > 40 ? verb.substring(0, 40) : verb;
  }

  private static ObjectNode leave(Call call, Member me, JsonNode body) {
    if (Fields.flag(body, "forEveryone")) {
      me.role.need(Capability.HANG_UP_FOR_EVERYONE);
      call.end(EndReason.ENDED_FOR_ALL, java.util.Optional.of(me));
    } else {
      call.leave(me, call.isOpen() ? EndReason.LEFT : EndReason.CANCELLED, EndReason.LEFT);
    }
    return Call.done();
  }

  private static void me(Call call, Member me, JsonNode body) {
    var name = Fields.displayName(body, me.displayName);
    var muted = body.has("muted") ? Fields.flag(body, "muted") : me.muted;
    if (!muted) {
      me.role.need(Capability.UNMUTE_MIC);
    }
    if (!name.equals(me.displayName)) {
      me.displayName = name;
      call.roster.change(me).put("displayName", name);
    }
    call.mute(me, muted);
  }

  private static void add(Call call, Member me, JsonNode body) {
    me.role.need(Capability.ADD_USER);
    if (call.kind() == Call.Kind.ROOM) {
      throw CallProblem.forbidden("The list of a room says who may come.");
    }
    if (!call.isOpen()) {
      throw CallProblem.conflict("The call rings.");
    }
    var user = Fields.user(body.path("participant"));
    if (!call.roster.named(user).isEmpty()) {
      throw CallProblem.conflict("The user is in the call.");
    }
    if (call.roster.size() >= CallingConfig.PARTICIPANTS_MAX) {
      throw new CallProblem(EndReason.FULL);
    }
    var custom = Fields.customContext(body);
    call.promote();
    call.ringing.begin(me, user, call.context.config().ringTime(), custom, null);
  }

  private static void remove(Call call, Member me, JsonNode body) {
    me.role.need(Capability.REMOVE_PARTICIPANT);
    var name = Fields.text(body, "participant", 256);
    var ring = call.ringing.of(name);
    if (ring.isPresent()) {
      call.ringing.endInVain(ring.get(), EndReason.CANCELLED, EndReason.CANCELLED);
      return;
    }
    var named = call.roster.named(name);
    if (named.isEmpty()) {
      throw new CallProblem(EndReason.NO_SUCH_PARTICIPANT);
    }
    named.forEach(one -> {
      if (call.roster.byId(one.id).isPresent()) {
        call.leave(one, EndReason.REMOVED, EndReason.LEFT);
      }
    });
  }

  private static void mute(Call call, Member me, JsonNode body) {
    me.role.need(Capability.MUTE_OTHERS);
    var named = Fields.members(call, body, "participants");
    var whom = named.isEmpty() ? call.roster.inside() : named;
    for (var one : whom) {
      if (one != me && !one.muted && !one.inLobby) {
        call.mute(one, true);
        one.tell(Notices.body(Notices.of("muted", call.place.callId()).put("by", me.id)));
      }
    }
  }

  private static void hold(Call call, Member me, boolean held) {
    if (!call.isOpen()) {
      throw CallProblem.conflict("The call rings.");
    }
    if (me.held != held) {
      me.held = held;
      call.roster.changeState(me);
      call.media.regulate(me);
    }
  }

  private static ObjectNode admit(Call call, Member me, JsonNode body) {
    me.role.need(Capability.MANAGE_LOBBY);
    var named = Fields.members(call, body, "participants");
    var count = 0;
    for (var one : named.isEmpty() ? call.roster.all() : named) {
      if (one.inLobby) {
        call.admit(one);
        count++;
      }
    }
    return Notices.object().put("count", count);
  }

  private static ObjectNode deny(Call call, Member me, JsonNode body) {
    me.role.need(Capability.MANAGE_LOBBY);
    var count = 0;
    for (var one : Fields.members(call, body, "participants")) {
      if (one.inLobby) {
        call.leave(one, EndReason.LOBBY_DENIED, EndReason.LEFT);
        count++;
      }
    }
    return Notices.object().put("count", count);
  }

  private static List<Member> orMe(Call call, Member me, JsonNode body) {
    var named = Fields.members(call, body, "participants");
    return named.isEmpty() ? List.of(me) : named;
  }

  private static void lower(Call call, Member me, JsonNode body) {
    if (Fields.flag(body, "all")) {
      me.role.need(Capability.MUTE_OTHERS);
      call.floor.lowerAll();
      return;
    }
    var whom = orMe(call, me, body);
    if (whom.stream().anyMatch(one -> one != me)) {
      me.role.need(Capability.MUTE_OTHERS);
    }
    call.floor.lower(whom);
  }

  private static void unspotlight(Call call, Member me, JsonNode body) {
    var whom = Fields.flag(body, "all") ? call.roster.inside() : orMe(call, me, body);
    if (whom.stream().anyMatch(one -> one != me)) {
      me.role.need(Capability.REMOVE_SPOTLIGHT);
    }
    call.floor.unspotlight(whom);
  }

  private static void react(Call call, Member me, JsonNode body) {
    me.role.need(Capability.USE_REACTIONS);
    var type = Fields.text(body, "type", 16);
    if (!REACTIONS.contains(type)) {
      throw CallProblem.malformed("There is no such reaction.");
    }
    call.floor.tell(
        Notices.of("reaction", call.place.callId()).put("participant", me.id).put("type", type),
        _ -> true);
  }

  private static void text(Call call, Member me, JsonNode body) {
    me.role.need(Capability.REAL_TIME_TEXT);
    var json =
        Notices.of("text", call.place.callId())
            .put("participant", me.id)
            .put("sequence", Fields.number(body, "sequence", 0, Integer.MAX_VALUE))
            .put("text", Fields.textIf(body, "text", 2000, ""))
            .put("final", Fields.flag(body, "final"))
            .put("at", call.now().toString());
    call.floor.tell(json, _ -> true);
  }

  private static void data(Call call, Member me, JsonNode body) {
    var channel = (int) Fields.number(body, "channel", 0, 65535);
    var data = Fields.text(body, "data", CallingConfig.DATA_BYTES_MAX * 4 / 3 + 4);
    try {
      if (Base64.getDecoder().decode(data).length > CallingConfig.DATA_BYTES_MAX) {
        throw CallProblem.malformed("The message is too large.");
      }
    } catch (IllegalArgumentException _) {
      throw CallProblem.malformed("The member data must be base64.");
    }
    var to = new HashSet<>(Fields.members(call, body, "to"));
    if (me.dataSequences.size() >= 256 && !me.dataSequences.containsKey(channel)) {
      throw CallProblem.conflict("The participant has too many data channels.");
    }
    var json =
        Notices.of("data", call.place.callId())
            .put("participant", me.id)
            .put("channel", channel)
            .put("sequence", me.dataSequences.merge(channel, 1L, Long::sum))
            .put("data", data);
    call.floor.tell(json, one -> one != me && (to.isEmpty() || to.contains(one)));
  }

  private static void stats(Member me, JsonNode body) {
    var streams = body.path("streams");
    if (!streams.isArray() || streams.size() > STREAMS_MAX) {
      throw CallProblem.malformed(
          "The member streams must be a list of at most " + STREAMS_MAX + ".");
    }
    for (var sample : streams) {
      var id = Fields.text(sample, "id", 64);
      var type = sample.path("type").asText();
      var direction = sample.path("direction").asText();
      if (!TYPES.contains(type) || !Set.of("inbound", "outbound").contains(direction)) {
        throw CallProblem.malformed("The type or direction of a stream is malformed.");
      }
      var key = direction + "/" + id;
      if (me.quality.containsKey(key) || me.quality.size() < STREAMS_KEPT_MAX) {
        me.quality.computeIfAbsent(key, _ -> new Quality(id, type, direction)).add(sample);
      }
    }
  }
}
