package dev.parley.feature.calling;

import dev.parley.base.event.CallDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a call.
 *
 * @param aliveAt when it was seen last, for a call whose server is gone
 */
record CallRecord(
    Call.Place place,
    String startedBy,
    String role,
    Instant startedAt,
    Instant aliveAt,
    Optional<Instant> endedAt,
    String endedBy,
    int code,
    int subCode,
    String category,
    String phrase) {
  /**
   * One participant of it.
   *
   * @param endpointId the client's session; empty text for server code
   */
  record Participation(
      String participantId,
      String user,
      String displayName,
      String role,
      String client,
      String endpointId,
      Instant joinedAt,
      Optional<Instant> leftAt,
      int code,
      int subCode,
      String category) {
    CallDetail detail(CallDetail.CallFacts facts, boolean added) {
      return new CallDetail.Participant(
          facts, added, participantId, user, role, displayName, client);
    }

    /** What it costs: begun minutes. */
    long minutes(Instant end) {
      var seconds = Math.max(1, Duration.between(joinedAt, end).toSeconds());
      return (seconds + 59) / 60;
    }
  }

  CallDetail.CallFacts facts() {
    return new CallDetail.CallFacts(
        place.callId(),
        place.serverCallId(),
        startedBy,
        role,
        place.groupId(),
        place.roomId(),
        place.kind() == Call.Kind.ONE_TO_ONE);
  }

  CallDetail.Ended ended() {
    return new CallDetail.Ended(
        facts(), endedBy, code, subCode, phrase, seconds(endedAt.orElse(aliveAt)));
  }

  long seconds(Instant end) {
    return Math.max(0, Duration.between(startedAt, end).toSeconds());
  }
}
