package dev.parley.feature.rooms;

import dev.parley.base.words.RoomId;
import java.time.Instant;

/**
 * A room.
 *
 * @param pstnDialOut whether its presenters may have the call dial telephone numbers
 */
record Room(RoomId id, Instant createdAt, Validity validity, boolean pstnDialOut) {
  Room with(Validity newValidity, boolean newPstnDialOut) {
    return new Room(id, createdAt, newValidity, newPstnDialOut);
  }
}
