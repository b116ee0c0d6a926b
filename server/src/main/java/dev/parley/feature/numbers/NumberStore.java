package dev.parley.feature.numbers;

import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;

/** Rows of a resource: its operations, searches and reservations, in one partition. */
final class NumberStore {
  /** How the list of a reservation's items is kept. */
  private record Items(List<Reservation.Item> items) {}

  static PartitionKey partition(ResourceId resource) {
    return new PartitionKey(resource, "numbers");
  }

  void insert(Tx tx, ResourceId resource, Operation operation) {
    tx.add(
        "INSERT INTO number_operation (resource_id, operation_id, type, status, intent,"
            + " created_on, changed_on, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        resource.value(),
        operation.id(),
        operation.type().name(),
        operation.status().name(),
        Json.text(operation.intent()),
        operation.createdOn().toEpochMilli(),
        operation.changedOn().toEpochMilli(),
        null);
  }

  void update(Tx tx, ResourceId resource, Operation operation) {
    tx.run(
        "UPDATE number_operation SET status = ?, changed_on = ?, fault = ?"
            + " WHERE resource_id = ? AND operation_id = ?",
        operation.status().name(),
        operation.changedOn().toEpochMilli(),
        operation.fault().map(Json::text).orElse(null),
        resource.value(),
        operation.id());
  }

  Optional<Operation> operation(Rows rows, ResourceId resource, String id) {
    return rows.one(
        "SELECT operation_id, type, status, intent, created_on, changed_on, fault"
            + " FROM number_operation WHERE resource_id = ? AND operation_id = ?",
        NumberStore::operation,
        resource.value(),
        id);
  }

  private static Operation operation(Row row) {
    var type = OperationType.valueOf(row.text(2));
    return new Operation(
        row.text(1),
        type,
        Operation.Status.valueOf(row.text(3)),
        Json.read(row.text(4), type.intent()),
        row.time(5),
        row.time(6),
        row.textIf(7).map(text -> Json.read(text, Operation.Fault.class)));
  }

  void put(Tx tx, ResourceId resource, Search search) {
    tx.run(
        "INSERT INTO number_search (resource_id, search_id, state, wish, found, expires_on)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, search_id)"
            + " DO UPDATE SET state = excluded.state, found = excluded.found",
        resource.value(),
        search.id(),
        search.state().name(),
        Json.text(search.wish()),
        search.found().map(Json::text).orElse(""),
        search.expiresOn().toEpochMilli());
  }

  Optional<Search> search(Rows rows, ResourceId resource, String id) {
    return rows.one(
        "SELECT search_id, state, wish, found, expires_on FROM number_search"
            + " WHERE resource_id = ? AND search_id = ?",
        row ->
            new Search(
                row.text(1),
                Search.State.valueOf(row.text(2)),
                Json.read(row.text(3), SearchWish.class),
                Optional.of(row.text(4))
                    .filter(text -> !text.isEmpty())
                    .map(text -> Json.read(text, Search.Found.class)),
                row.time(5)),
        resource.value(),
        id);
  }

  void put(Tx tx, ResourceId resource, Reservation reservation) {
    tx.run(
        "INSERT INTO number_reservation (resource_id, reservation_id, hold_id, state, items,"
            + " expires_on) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, reservation_id) DO UPDATE"
            + " SET state = excluded.state, items = excluded.items,"
            + " expires_on = excluded.expires_on",
        resource.value(),
        reservation.id(),
        reservation.hold(),
        reservation.state().name(),
        Json.text(new Items(reservation.items())),
        reservation.expiresOn().toEpochMilli());
  }

  Optional<Reservation> reservation(Rows rows, ResourceId resource, String id) {
    return rows.one(
        "SELECT reservation_id, hold_id, state, items, expires_on FROM number_reservation"
            + " WHERE resource_id = ? AND reservation_id = ?",
        NumberStore::reservation,
        resource.value(),
        id);
  }

  /** By id, from the first one after {@code after}. */
  List<Reservation> reservations(Rows rows, ResourceId resource, String after, int limit) {
    return rows.all(
        "SELECT reservation_id, hold_id, state, items, expires_on FROM number_reservation"
            + " WHERE resource_id = ? AND reservation_id > ? ORDER BY reservation_id LIMIT ?",
        NumberStore::reservation,
        resource.value(),
        after,
        limit);
  }

  private static Reservation reservation(Row row) {
    return new Reservation(
        row.text(1),
        row.text(2),
        Reservation.State.valueOf(row.text(3)),
        Json.read(row.text(4), Items.class).items(),
        row.time(5));
  }

  void deleteReservation(Tx tx, ResourceId resource, String id) {
    tx.run(
        "DELETE FROM number_reservation WHERE resource_id = ? AND reservation_id = ?",
        resource.value(),
        id);
  }

  void deleteSearch(Tx tx, ResourceId resource, String id) {
    tx.run(
        "DELETE FROM number_search WHERE resource_id = ? AND search_id = ?", resource.value(), id);
  }

  void deleteOperation(Tx tx, ResourceId resource, String id) {
    tx.run(
        "DELETE FROM number_operation WHERE resource_id = ? AND operation_id = ?",
        resource.value(),
        id);
  }

  /** Everything of the resource. */
  void erase(Tx tx, ResourceId resource) {
    tx.run("DELETE FROM number_operation WHERE resource_id = ?", resource.value());
    tx.run("DELETE FROM number_search WHERE resource_id = ?", resource.value());
    tx.run("DELETE FROM number_reservation WHERE resource_id = ?", resource.value());
  }
}
