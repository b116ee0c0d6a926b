package dev.parley.feature.rooms;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the maker of a room asks for.
 *
 * @param participants roles by raw id
 */
record NewRoom(
    Optional<Instant> validFrom,
    Optional<Instant> validUntil,
    boolean pstnDialOut,
    SequencedMap<String, Role> participants) {
  /** An empty room, open from now on. */
  static final NewRoom EMPTY = of(Map.of());

  static NewRoom of(Map<String, Role> participants) {
    return new NewRoom(
        Optional.empty(), Optional.empty(), false, new LinkedHashMap<>(participants));
  }
}
