package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Hands the other side of a 1:1 call over to somebody else. Begins on the call's thread. */
final class Transfers {
  private Transfers() {}

  static void transfer(Call call, Member me, JsonNode body) {
    var other = call.other(me);
    if (call.kind() != Call.Kind.ONE_TO_ONE || !call.isOpen() || other.isEmpty()) {
      throw CallProblem.conflict("Only a 1:1 call that is connected can be transferred.");
    }
    if (call.transferring()) {
      throw CallProblem.conflict("A transfer is underway.");
    }
    var agent = other.get().agent;
    if (agent == null) {
      throw CallProblem.lacking("The other side cannot be transferred.");
    }
    if (body.has("toCall")) {
      toCall(call, me, agent, Fields.text(body, "toCall", 64));
    } else {
      toUser(call, me, agent, Fields.user(body.path("participant")));
    }
  }

  private static void toUser(Call call, Member me, Agent other, String user) {
    if (user.equals(me.user) || user.equals(other.user)) {
      throw CallProblem.conflict("The user is in the call.");
    }
    begin(call, me);
    var next = call.calls.fresh(call.place.resource(), Call.Kind.ONE_TO_ONE, "", "");
    next.must(() -> {
      try {
        next.whenDecided(how -> call.must(() -> decided(call, me, how)));
        var member = next.begin(other, false);
        var time = call.context.config().transferTime();
        next.ringing.begin(member, user, time, null, me);
        accepted(call, next, member);
      } catch (CallProblem problem) {
        next.end(problem.reason(), Optional.empty());
      }
    });
  }

  private static void toCall(Call call, Member me, Agent other, String toCall) {
    var mine = me.agent;
    var next = call.calls.find(call.place.resource(), toCall);
    if (mine == null
        || next.isEmpty()
        || next.get() == call
        || !mine.calls().contains(next.get())) {
      throw new CallProblem(EndReason.NO_SUCH_CALL);
    }
    begin(call, me);
    var target = next.get();
    var taken =
        target.must(() -> {
          try {
            accepted(call, target, target.replace(mine, other));
            call.must(() -> decided(call, me, Optional.empty()));
          } catch (CallProblem problem) {
            call.must(() -> decided(call, me, Optional.of(problem.reason())));
          }
        });
    if (!taken) {
      decided(call, me, Optional.of(EndReason.NO_SUCH_CALL));
    }
  }

  /** Told in the name of the call that is left: its client knows no other one yet. */
  private static void accepted(Call left, Call next, Member member) {
    var json = Notices.of("transfer.accepted", left.place.callId());
    json.set("call", next.snapshot(member));
    member.tell(Notices.body(json));
  }

  private static void begin(Call call, Member me) {
    call.transferring(true);
    me.tell(Notices.body(state(call, "Transferring")));
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode state(Call call, String state) {
    return Notices.of("transfer", call.place.callId()).put("state", state);
  }

  /** On the thread of the call that is transferred. */
  private static void decided(Call call, Member me, Optional<EndReason> failure) {
    call.transferring(false);
    if (failure.isPresent()) {
      var json = state(call, "Failed");
      json.set("reason", failure.get().json());
      me.tell(Notices.body(json));
    } else {
      me.tell(Notices.body(state(call, "Transferred")));
      call.end(EndReason.LEFT, Optional.of(me));
    }
  }
}
