package dev.parley.media;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rooms of one worker. They begin with the first peer and end with the last one. */
final class Rooms {
  final MediaWorker worker;
  private final Scratch scratch = new Scratch();
  private final int lastN;
  private final Map<String, RoomHold> holds = new HashMap<>();
  private final Map<String, Room> rooms = new HashMap<>();

  /**
   * No rooms yet.
   *
   * @param lastN voices that are forwarded at a time in a room that nobody holds; 0 for all
   */
  Rooms(MediaWorker worker, int lastN) {
    this.worker = worker;
    this.lastN = lastN;
  }

  Room open(String name) {
    return rooms.computeIfAbsent(name, _ -> new Room(name, worker, scratch, this));
  }

  @Nullable Room get(String name) {
    return rooms.get(name);
  }

  /** Forgets a room that nobody is in. */
  void emptied(Room room) {
    rooms.remove(room.name, room);
  }

  /** Takes what somebody outside wants of a room; it replaces what was wanted before. */
  void hold(String name, RoomHold hold) {
    holds.put(name, hold);
    var room = rooms.get(name);
    if (room != null && !room.voices.speakers().equals(Speakers.NOBODY)) {
      hold.speakers().accept(room.voices.speakers());
    }
  }

  void release(String name, RoomHold hold) {
    holds.remove(name, hold);
  }

  int lastN(String name) {
    var hold = holds.get(name);
    return hold == null ? lastN : hold.lastN();
  }

  void tell(String name, Speakers speakers) {
    var hold = holds.get(name);
    if (hold != null) {
      hold.speakers().accept(speakers);
    }
  }

  List<Room> all() {
    return List.copyOf(rooms.values());
  }
}
