package dev.parley.base.event;

import java.util.Map;

/** The content of a {@link CallEvent}; one record for each kind of event, with the same name. */
public sealed interface CallDetail extends EventDetail {
  /** What all of them tell. */
  CallFacts call();

  /**
   * A call.
   *
   * @param startedBy raw id
   * @param groupId empty text for none
   * @param roomId empty text for none
   */
  record CallFacts(
      String callId,
      String serverCallId,
      String startedBy,
      String role,
      String groupId,
      String roomId,
      boolean twoParty) {}

  /** It began. */
  record Started(CallFacts call) implements CallDetail {}

  /**
   * It is over.
   *
   * @param endedBy raw id; empty text when nobody did it
   */
  record Ended(
      CallFacts call, String endedBy, int code, int subCode, String phrase, long durationSeconds)
      implements CallDetail {}

  /** Somebody came or went. */
  record Participant(
      CallFacts call,
      boolean added,
      String participantId,
      String user,
      String role,
      String displayName,
      String userAgent)
      implements CallDetail {}

  /**
   * Somebody is called.
   *
   * @param incomingCallContext with which server code answers, redirects or rejects
   */
  record Incoming(
      CallFacts call,
      String to,
      String from,
      String callerDisplayName,
      String incomingCallContext,
      Map<String, String> sipHeaders,
      Map<String, String> voipHeaders)
      implements CallDetail {}
}
