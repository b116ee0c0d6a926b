package dev.parley.base.event;

/** What happened in a call; who and when is in the rows of the feature. */
public sealed interface CallEvent extends Event {
  String callId();

  /** Somebody began it. */
  record Started(String callId) implements CallEvent {}

  /** It is over. */
  record Ended(String callId) implements CallEvent {}

  /** Somebody came in. */
  record ParticipantAdded(String callId, String participantId) implements CallEvent {}

  /** Somebody went, or was made to. */
  record ParticipantRemoved(String callId, String participantId) implements CallEvent {}

  /** Somebody is called. */
  record Incoming(String callId, String ringId) implements CallEvent {}
}
