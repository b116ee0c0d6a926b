package dev.parley.feature.numbers;

import dev.parley.base.event.NumberEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;

/**
 * How holds end by themselves, and how what is over is forgotten; both by the resource's own clock.
 */
final class Holds {
  /** Due job: a search, or a reservation, has held its numbers long enough. */
  static final String EXPIRE_SEARCH = "numbers.expireSearch";

  static final String EXPIRE_RESERVATION = "numbers.expireReservation";

  /** Due jobs: nobody asks for it any more. */
  static final String FORGET_OPERATION = "numbers.forgetOperation";

  static final String FORGET_SEARCH = "numbers.forgetSearch";
  static final String FORGET_RESERVATION = "numbers.forgetReservation";

  private final DueJobs dueJobs;
  private final Duration retention;
  private final NumberStore rows = new NumberStore();

  Holds(DueJobs dueJobs, Duration retention) {
    this.dueJobs = dueJobs;
    this.retention = retention;
  }

  void start() {
    dueJobs.handle(EXPIRE_SEARCH, this::expireSearch);
    dueJobs.handle(EXPIRE_RESERVATION, this::expireReservation);
    dueJobs.handle(
        FORGET_OPERATION,
        (tx, partition, id) -> rows.deleteOperation(tx, partition.resource(), id));
    dueJobs.handle(
        FORGET_SEARCH, (tx, partition, id) -> rows.deleteSearch(tx, partition.resource(), id));
    dueJobs.handle(
        FORGET_RESERVATION,
        (tx, partition, id) -> rows.deleteReservation(tx, partition.resource(), id));
  }

  void operationStarted(Tx tx, ResourceId resource, String id, Instant now) {
    var partition = NumberStore.partition(resource);
    dueJobs.schedule(tx, partition, FORGET_OPERATION, id, now.plus(retention), id);
  }

  void searchStarted(Tx tx, ResourceId resource, Search search) {
    var partition = NumberStore.partition(resource);
    var end = search.expiresOn();
    dueJobs.schedule(tx, partition, EXPIRE_SEARCH, search.id(), end, search.id());
    dueJobs.schedule(tx, partition, FORGET_SEARCH, search.id(), end.plus(retention), search.id());
  }

  /** The search's numbers are being bought, so time no longer matters. */
  void searchBought(Tx tx, ResourceId resource, String id) {
    dueJobs.cancel(tx, NumberStore.partition(resource), EXPIRE_SEARCH, id);
  }

  /** The reservation was made or changed: its time begins anew. */
  void reservationChanged(Tx tx, ResourceId resource, Reservation reservation) {
    var partition = NumberStore.partition(resource);
    var id = reservation.id();
    var end = reservation.expiresOn();
    dueJobs.schedule(tx, partition, EXPIRE_RESERVATION, id, end, id);
    dueJobs.schedule(tx, partition, FORGET_RESERVATION, id, end.plus(retention), id);
  }

  void reservationBought(Tx tx, ResourceId resource, String id) {
    dueJobs.cancel(tx, NumberStore.partition(resource), EXPIRE_RESERVATION, id);
  }

  void reservationDeleted(Tx tx, ResourceId resource, String id) {
    reservationBought(tx, resource, id);
    dueJobs.cancel(tx, NumberStore.partition(resource), FORGET_RESERVATION, id);
  }

  private void expireSearch(Tx tx, PartitionKey partition, String id) {
    rows.search(tx, partition.resource(), id)
        .filter(search -> search.state() == Search.State.HELD)
        .ifPresent(search -> {
          rows.put(tx, partition.resource(), search.with(Search.State.ENDED));
          tx.publish(new NumberEvent.HoldEnded(id), Origin.service("numbers"));
        });
  }

  private void expireReservation(Tx tx, PartitionKey partition, String id) {
    rows.reservation(tx, partition.resource(), id)
        .filter(reservation -> reservation.state() == Reservation.State.ACTIVE)
        .ifPresent(reservation -> {
          var items = ReservationItems.ended(reservation.items(), Reservation.ItemState.EXPIRED);
          rows.put(tx, partition.resource(), reservation.with(Reservation.State.EXPIRED, items));
          tx.publish(new NumberEvent.HoldEnded(reservation.hold()), Origin.service("numbers"));
        });
  }
}
