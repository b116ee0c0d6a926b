package dev.parley.base.event;

/** What happened to the house's own directory: who there is, who may what, and where things lie. */
public sealed interface AdminEvent extends Event {
  /** A principal came, changed, lost a secret, or is gone. */
  record PrincipalChanged(String principalId) implements AdminEvent {}

  /** Roles or their assignments changed. */
  record RolesChanged() implements AdminEvent {}

  /** Subscriptions, resource groups or locks changed. */
  record PlacesChanged() implements AdminEvent {}
}
