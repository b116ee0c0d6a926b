package dev.parley.feature.calling;

import dev.parley.base.words.ServiceClock;
import dev.parley.feature.rooms.Rooms;
import dev.parley.media.Media;
import java.security.SecureRandom;
import java.util.UUID;

/** What every call needs. */
record CallContext(
    CallingConfig config,
    ServiceClock clock,
    Agents agents,
    CallLog log,
    IncomingContexts contexts,
    Rooms rooms,
    Media media,
    SecureRandom random) {
  String newId() {
    return new UUID(
            (random.nextLong() & ~0xF000L) | 0x4000L,
            (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
        .toString();
  }
}
