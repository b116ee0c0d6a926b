package dev.parley.base.event;

/** What happened to an event subscription, by its name in lower case. */
public sealed interface SubscriptionEvent extends Event {
  String name();

  /** It came to be, or its settings or state changed. */
  record Changed(String name) implements SubscriptionEvent {}

  /** Events are to be delivered to it once more; which ones is in the rows of its room. */
  record Requested(String name) implements SubscriptionEvent {}

  record Deleted(String name) implements SubscriptionEvent {}
}
