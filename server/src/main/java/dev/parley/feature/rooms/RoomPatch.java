package dev.parley.feature.rooms;

import java.time.Instant;
import java.util.Optional;

/** What is to change in a room; what is empty stays. */
record RoomPatch(
    Optional<Instant> validFrom, Optional<Instant> validUntil, Optional<Boolean> pstnDialOut) {}
