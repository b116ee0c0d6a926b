package dev.parley.base.event;

/** What happened to a user, by raw id. */
public sealed interface IdentityEvent extends Event {
  String userId();

  record Created(String userId) implements IdentityEvent {}

  /** Tokens of a generation below {@code generation} are dead. */
  record TokensRevoked(String userId, long generation) implements IdentityEvent {}

  /**
   * The user's tokens are dead; memberships, messages and other data are to be erased by those who
   * hold them.
   */
  record Deleted(String userId) implements IdentityEvent {}
}
