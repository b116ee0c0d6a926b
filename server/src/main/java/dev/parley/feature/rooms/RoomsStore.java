package dev.parley.feature.rooms;

import dev.parley.base.store.Migration;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.RoomId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rooms and who is invited as rows. */
final class RoomsStore {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "rooms",
              1,
              List.of(
                  """
                  CREATE TABLE room (
                    resource_id TEXT NOT NULL, room_id TEXT NOT NULL, created_at BIGINT NOT NULL,
                    valid_from BIGINT NOT NULL, valid_until BIGINT NOT NULL,
                    pstn_dial_out BIGINT NOT NULL, PRIMARY KEY (resource_id, room_id))\
                  """,
                  "CREATE INDEX room_by_creation ON room (resource_id, created_at, room_id)",
                  """
                  CREATE TABLE room_participant (
                    resource_id TEXT NOT NULL, room_id TEXT NOT NULL, user_id TEXT NOT NULL,
                    role TEXT NOT NULL, PRIMARY KEY (resource_id, room_id, user_id))\
                  """,
                  "CREATE INDEX room_participant_by_user ON room_participant (resource_id, user_id,"
                      + " room_id)")));

  Optional<Room> room(Rows rows, RoomKey key) {
    return rows.one(
        "SELECT room_id, created_at, valid_from, valid_until, pstn_dial_out FROM room"
            + " WHERE resource_id = ? AND room_id = ?",
        RoomsStore::room,
        key.resource().value(),
        key.id().value());
  }

  /** Rooms that have not ended, in the order of their creation, after a place in it. */
  List<Room> rooms(Rows rows, ResourceId resource, Instant now, RoomPlace after, int limit) {
    return rows.all(
        "SELECT room_id, created_at, valid_from, valid_until, pstn_dial_out FROM room"
            + " WHERE resource_id = ? AND created_at >= ? AND (created_at > ? OR room_id > ?)"
            + " AND valid_until > ? ORDER BY created_at, room_id LIMIT ?",
        RoomsStore::room,
        resource.value(),
        after.createdAt(),
        after.createdAt(),
        after.id(),
        now.toEpochMilli(),
        (long) limit);
  }

  private static Room room(Row row) {
    return new Room(
        new RoomId(row.text(1)),
        row.time(2),
        new Validity(row.time(3), row.time(4)),
        row.number(5) != 0);
  }

  void insert(Tx tx, RoomKey key, Room room) {
    tx.add(
        "INSERT INTO room (resource_id, room_id, created_at, valid_from, valid_until,"
            + " pstn_dial_out) VALUES (?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        key.id().value(),
        room.createdAt().toEpochMilli(),
        room.validity().from().toEpochMilli(),
        room.validity().until().toEpochMilli(),
        room.pstnDialOut() ? 1L : 0L);
  }

  void update(Tx tx, RoomKey key, Room room) {
    tx.run(
        "UPDATE room SET valid_from = ?, valid_until = ?, pstn_dial_out = ?"
            + " WHERE resource_id = ? AND room_id = ?",
        room.validity().from().toEpochMilli(),
        room.validity().until().toEpochMilli(),
        room.pstnDialOut() ? 1L : 0L,
        key.resource().value(),
        key.id().value());
  }

  /** The room and its list. */
  void delete(Tx tx, RoomKey key) {
    tx.run(
        "DELETE FROM room_participant WHERE resource_id = ? AND room_id = ?",
        key.resource().value(),
        key.id().value());
    tx.run(
        "DELETE FROM room WHERE resource_id = ? AND room_id = ?",
        key.resource().value(),
        key.id().value());
  }

  Optional<Role> role(Rows rows, RoomKey key, String userId) {
    return rows.one(
        "SELECT role FROM room_participant WHERE resource_id = ? AND room_id = ? AND user_id = ?",
        row -> Role.valueOf(row.text(1)),
        key.resource().value(),
        key.id().value(),
        userId);
  }

  /** Those who are invited, by raw id, after one of them. */
  List<Participant> participants(Rows rows, RoomKey key, String after, int limit) {
    return rows.all(
        "SELECT user_id, role FROM room_participant WHERE resource_id = ? AND room_id = ?"
            + " AND user_id > ? ORDER BY user_id LIMIT ?",
        row -> new Participant(row.text(1), Role.valueOf(row.text(2))),
        key.resource().value(),
        key.id().value(),
        after,
        (long) limit);
  }

  void invite(Tx tx, RoomKey key, Participant participant) {
    tx.run(
        "INSERT INTO room_participant (resource_id, room_id, user_id, role) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, room_id, user_id) DO UPDATE SET role = excluded.role",
        key.resource().value(),
        key.id().value(),
        participant.userId(),
        participant.role().name());
  }

  void remove(Tx tx, RoomKey key, String userId) {
    tx.run(
        "DELETE FROM room_participant WHERE resource_id = ? AND room_id = ? AND user_id = ?",
        key.resource().value(),
        key.id().value(),
        userId);
  }

  /** Rooms that a user is invited to, for taking the user out of them piece by piece. */
  List<RoomKey> someRoomsOf(Rows rows, ResourceId resource, String userId, int limit) {
    return rows.all(
        "SELECT room_id FROM room_participant WHERE resource_id = ? AND user_id = ?"
            + " ORDER BY room_id LIMIT ?",
        row -> new RoomKey(resource, new RoomId(row.text(1))),
        resource.value(),
        userId,
        (long) limit);
  }

  /** Rooms of a resource, for erasing them piece by piece. */
  List<RoomKey> someRooms(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT room_id FROM room WHERE resource_id = ? ORDER BY room_id LIMIT ?",
        row -> new RoomKey(resource, new RoomId(row.text(1))),
        resource.value(),
        (long) limit);
  }
}
