package dev.parley.feature.rooms;

import dev.parley.base.event.RoomEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import java.time.Duration;
import java.time.Instant;

/** How rooms go: deleted by a caller, or by themselves some time after their validity has ended. */
final class RoomEnding {
  /** Due job: a room that ended long ago goes. */
  static final String FORGET = "rooms.forget";

  private static final String ONLY = "";

  private final RoomsStore rows;
  private final DueJobs dueJobs;
  private final Duration kept;

  RoomEnding(RoomsStore rows, DueJobs dueJobs, Duration kept) {
    this.rows = rows;
    this.dueJobs = dueJobs;
    this.kept = kept;
  }

  /** Makes the due job of the room, in place of an earlier one. */
  void schedule(Tx tx, RoomKey key, Room room) {
    dueJobs.schedule(tx, key.partition(), FORGET, ONLY, room.validity().until().plus(kept), "");
  }

  void end(Tx tx, RoomKey key, Origin origin) {
    rows.delete(tx, key);
    dueJobs.cancel(tx, key.partition(), FORGET, ONLY);
    tx.publish(new RoomEvent.Deleted(key.id()), origin);
  }

  /** Does what is due; a room that was opened again meanwhile stays. */
  void forget(Tx tx, PartitionKey partition, Instant now) {
    var key = RoomKey.of(partition);
    rows.room(tx, key)
        .filter(room -> !now.isBefore(room.validity().until()))
        .ifPresent(_ -> end(tx, key, Origin.service("rooms")));
  }
}
