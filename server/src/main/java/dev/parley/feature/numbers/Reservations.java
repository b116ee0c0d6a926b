package dev.parley.feature.numbers;

import dev.parley.base.event.NumberEvent;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Page;
import dev.parley.base.words.ServiceClock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The front door of reservations: numbers picked one by one, and held until they are bought. */
final class Reservations {
  private final NumbersConfig config;
  private final Store store;
  private final Inventory inventory;
  private final Operations operations;
  private final Holds holds;
  private final ServiceClock clock;
  private final NumberStore rows = new NumberStore();

  Reservations(
      NumbersConfig config,
      Store store,
      Inventory inventory,
      Operations operations,
      Holds holds,
      ServiceClock clock) {
    this.config = config;
    this.store = store;
    this.inventory = inventory;
    this.operations = operations;
    this.holds = holds;
    this.clock = clock;
  }

  /** A reservation after a change, and whether the change made it. */
  record Changed(Reservation reservation, boolean created) {}

  /**
   * Makes the reservation, or changes the one there is; its time begins anew. Numbers that cannot
   * be had are items in error, and the others are held all the same.
   */
  Changed change(Caller caller, String id, List<Wanted> added, List<String> removed) {
    var resource = caller.resource();
    var before = store.read(all -> rows.reservation(all, resource, id));
    var end = clock.now(resource).plus(config.reservationHold());
    var hold = UUID.randomUUID().toString();
    operations.started(
        caller,
        UUID.randomUUID().toString(),
        (tx, now) -> {
          var there =
              rows.reservation(tx, resource, id).isPresent()
                  ? operations.active(tx, resource, id, now)
                  : new Reservation(id, hold, Reservation.State.ACTIVE, List.of(), end);
          var reservation = new Reservation(id, there.hold(), there.state(), there.items(), end);
          rows.put(tx, resource, reservation);
          holds.reservationChanged(tx, resource, reservation);
          return new Intent.ChangeReservation(id, there.hold(), added, removed);
        });
    return new Changed(get(caller, id), before.isEmpty());
  }

  Reservation get(Caller caller, String id) {
    return store
        .read(all -> rows.reservation(all, caller.resource(), id))
        .orElseThrow(NumbersProblems::reservationNotFound);
  }

  Page<Reservation> list(Caller caller, int size, Optional<String> after) {
    var found =
        store.read(all -> rows.reservations(all, caller.resource(), after.orElse(""), size + 1));
    return Page.of(found, size, Reservation::id);
  }

  /** Ends the reservation and forgets it; what it holds is free at once. */
  void delete(Caller caller, String id) {
    var resource = caller.resource();
    var ended =
        store.write(
            NumberStore.partition(resource),
            tx -> {
              var reservation =
                  rows.reservation(tx, resource, id)
                      .orElseThrow(NumbersProblems::reservationNotFound);
              if (reservation.state() == Reservation.State.SUBMITTED) {
                throw NumbersProblems.reservationEnded(reservation.state());
              }
              rows.deleteReservation(tx, resource, id);
              holds.reservationDeleted(tx, resource, id);
              tx.publish(new NumberEvent.HoldEnded(reservation.hold()), caller.origin());
              return reservation;
            });
    inventory.endHold(resource, ended.hold());
  }
}
