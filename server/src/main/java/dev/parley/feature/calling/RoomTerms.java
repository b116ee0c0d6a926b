package dev.parley.feature.calling;

import dev.parley.base.words.RoomId;
import dev.parley.feature.rooms.Admission;
import java.time.Instant;
import java.util.Optional;

/**
 * What the room of a call allows: until when, whom, and in which role. A call without a room has no
 * terms. Belongs to the call's thread.
 */
final class RoomTerms {
  private final Call call;
  private Instant validUntil = Instant.MAX;

  RoomTerms(Call call) {
    this.call = call;
  }

  void validUntil(Instant until) {
    validUntil = until;
  }

  /** Time has passed. */
  void tick(Instant now) {
    if (!now.isBefore(validUntil)) {
      call.end(EndReason.NOT_VALID, Optional.empty());
    }
  }

  /** The room, its list or somebody's role in it may be another. */
  void askAgain() {
    for (var member : call.roster.all()) {
      var agent = member.agent;
      if (agent != null && call.roster.byId(member.id).isPresent()) {
        ask(member, agent);
      }
    }
  }

  private void ask(Member member, Agent agent) {
    var room = new RoomId(call.place.roomId());
    switch (call.context.rooms().admission(agent.caller(), room)) {
      case Admission.Admitted admitted -> {
        validUntil = admitted.until();
        changeRole(member, CallRole.of(admitted.role()));
      }
      case Admission.NotInvited _ ->
          call.leave(member, EndReason.REMOVED_BY_SERVER, EndReason.LEFT);
      case Admission.NoSuchRoom _ -> call.end(EndReason.ENDED_BY_SERVER, Optional.empty());
      case Admission.NotYetOpen _, Admission.Ended _ ->
          call.end(EndReason.NOT_VALID, Optional.empty());
    }
  }

  private void changeRole(Member member, CallRole role) {
    if (member.role == role) {
      return;
    }
    member.role = role;
    call.roster.change(member).put("role", role.word());
    if (!role.can(CallRole.Capability.UNMUTE_MIC)) {
      call.mute(member, true);
    }
    call.media.regulate(member);
    var json = Notices.of("call.changed", call.place.callId()).put("role", role.word());
    json.set("capabilities", role.capabilitiesJson(false));
    member.tell(Notices.body(json));
  }
}
