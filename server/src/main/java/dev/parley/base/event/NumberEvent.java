package dev.parley.base.event;

/** What happened to phone numbers of a resource. */
public sealed interface NumberEvent extends Event {
  /** A long-running operation was asked for; its outcome is not known yet. */
  record OperationStarted(String operation) implements NumberEvent {}

  /** A search or a reservation ended; what it still holds is free again. */
  record HoldEnded(String hold) implements NumberEvent {}

  record Purchased(String number) implements NumberEvent {}

  record CapabilitiesUpdated(String number) implements NumberEvent {}

  record Released(String number) implements NumberEvent {}
}
