package dev.parley.feature.manage;

import java.time.Instant;

/** Where a resource is in its life. */
sealed interface ResourceState {
  /** In use. */
  record Active() implements ResourceState {}

  /** Deleted, and may be brought back until then; its name stays taken. */
  record Deleted(Instant deletedOn, Instant purgeOn) implements ResourceState {}

  /** Its data are being erased; nobody can stop that. */
  record Erasing() implements ResourceState {}

  default boolean isActive() {
    return this instanceof Active;
  }
}
