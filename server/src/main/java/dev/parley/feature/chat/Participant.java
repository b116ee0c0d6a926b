package dev.parley.feature.chat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Someone who is in a thread, or is to be.
 *
 * @param userId raw id
 * @param shareHistoryTime from when on the user sees messages; empty for what comes after joining
 */
record Participant(
    String userId,
    @Nullable String displayName,
    Optional<Instant> shareHistoryTime,
    Map<String, String> metadata) {
  Participant {
    metadata = Map.copyOf(metadata);
  }

  /** Someone about whom nothing but the id is known. */
  static Participant of(String userId) {
    return new Participant(userId, null, Optional.empty(), Map.of());
  }
}
