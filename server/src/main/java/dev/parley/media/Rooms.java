package dev.parley.media;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rooms of one worker. They begin with the first peer and end with the last one. */
final class Rooms {
  final MediaWorker worker;
  private final Scratch scratch = new Scratch();
  private final Map<String, Room> rooms = new HashMap<>();

  Rooms(MediaWorker worker) {
    this.worker = worker;
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

  List<Room> all() {
    return List.copyOf(rooms.values());
  }
}
