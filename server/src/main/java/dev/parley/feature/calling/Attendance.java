package dev.parley.feature.calling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who is really there: whose socket is lost, who comes back, who is silent, and who has waited too
 * long. Belongs to the call's thread.
 */
final class Attendance {
  private final Call call;

  Attendance(Call call) {
    this.call = call;
  }

  /** Time has passed, or a socket came or went. */
  void tick(Instant now) {
    for (var member : call.roster.all()) {
      var agent = member.agent;
      if (agent != null && isHere(member)) {
        look(member, agent, now);
        waitIn(member, now);
      }
    }
    if (isForsaken(now)) {
      call.end(EndReason.GONE, Optional.empty());
    }
  }

  /** Whoever goes may take others along, or the whole call. */
  private boolean isHere(Member member) {
    return call.roster.byId(member.id).isPresent();
  }

  private void look(Member member, Agent agent, Instant now) {
    var lostAt = agent.lostAt();
    if (lostAt == null) {
      back(member);
      listen(member, agent, Duration.between(agent.heard(), now));
    } else {
      away(member, Duration.between(lostAt, now));
    }
  }

  private void back(Member member) {
    if (member.away) {
      member.away = false;
      member.lost = false;
      call.roster.show(member);
    } else if (member.lost) {
      member.lost = false;
      call.roster.changeState(member);
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

  private void away(Member member, Duration since) {
    if (!member.lost) {
      member.lost = true;
      call.roster.changeState(member);
    }
    if (since.compareTo(CallingConfig.RESUME_TIME) >= 0) {
      call.leave(member, EndReason.GONE, EndReason.LEFT);
    } else if (!member.away && since.compareTo(CallingConfig.SHOWN_FOR) >= 0) {
      call.roster.hide(member, EndReason.GONE);
      member.away = true;
    }
  }

  private void waitIn(Member member, Instant now) {
    var until = member.joinedAt.plus(call.context.config().lobbyTime());
    if (member.inLobby && !now.isBefore(until) && isHere(member)) {
      call.leave(member, EndReason.LOBBY_TIMEOUT, EndReason.LEFT);
    }
  }

  /** After a restart of the server one of two may come back, and the other one not. */
  private boolean isForsaken(Instant now) {
    var inside = call.roster.inside();
    return call.kind() == Call.Kind.ONE_TO_ONE
        && call.isOpen()
        && inside.size() == 1
        && !now.isBefore(inside.getFirst().joinedAt.plus(CallingConfig.RESUME_TIME));
  }
}
