package dev.parley.feature.rooms;

/**
 * A place in the list of rooms.
 *
 * @param createdAt epoch milliseconds
 */
record RoomPlace(long createdAt, String id) {
  static final RoomPlace START = new RoomPlace(0, "");

  static RoomPlace of(Room room) {
    return new RoomPlace(room.createdAt().toEpochMilli(), room.id().value());
  }

  static RoomPlace parse(String text) {
    var slash = text.indexOf('/');
    return new RoomPlace(Long.parseLong(text.substring(0, slash)), text.substring(slash + 1));
  }

  String text() {
    return createdAt + "/" + id;
  }
}
