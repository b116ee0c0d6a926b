package dev.parley.feature.rooms;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of rooms.
 *
 * @param participantsMax invited to one room
 * @param endedKept how long a room is kept after its validity has ended
 */
public record RoomsConfig(int participantsMax, Duration endedKept) {
  /** The service's own limit, and half a year to look a room up or to open it again. */
  public static final RoomsConfig DEFAULT = new RoomsConfig(350, Duration.ofDays(180));

  /** Reads the settings. */
  public static RoomsConfig of(Settings settings) {
    return new RoomsConfig(
        settings.number(
            "rooms.participants-max",
            DEFAULT.participantsMax(),
            1,
            100_000,
            "Participants invited to one room, at most."),
        settings.duration(
            "rooms.ended-kept",
            DEFAULT.endedKept(),
            "How long a room is kept, and can be opened again, after its validity has ended."));
  }
}
