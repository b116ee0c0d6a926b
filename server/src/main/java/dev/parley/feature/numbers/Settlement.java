package dev.parley.feature.numbers;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.NumberEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings operations to their end, in three units: the caller's has stored what is to be done, the
 * house's does it to the inventory, and the last one stores the outcome with the resource.
 *
 * <p>The caller's own thread does this at once. As a durable hearer it does it again for whatever a
 * crash left unfinished; each unit done twice has the effect of once.
 */
final class Settlement implements Hearer {
  static final String HEARER = "numbers.settlement";

  private final Store store;
  private final Inventory inventory;
  private final Leases leases;
  private final ServiceClock clock;
  private final NumberStore rows = new NumberStore();

  Settlement(Store store, Inventory inventory, Leases leases, ServiceClock clock) {
    this.store = store;
    this.inventory = inventory;
    this.leases = leases;
    this.clock = clock;
  }

  @Override
  public void hear(JournalRow row) {
    var resource = row.partition().resource();
    switch (row.event()) {
      case NumberEvent.OperationStarted started -> settle(resource, started.operation());
      case NumberEvent.HoldEnded ended -> inventory.endHold(resource, ended.hold());
      default -> {}
    }
  }

  /** Finishes the operation, if it is not finished. */
  Optional<Operation> settle(ResourceId resource, String id) {
    var found = store.read(all -> rows.operation(all, resource, id));
    if (found.isEmpty() || found.get().status() != Operation.Status.RUNNING) {
      return found;
    }
    var now = clock.now(resource);
    var outcome = inventory.apply(resource, found.get(), now);
    var settled =
        store.write(NumberStore.partition(resource), tx -> finish(tx, resource, id, outcome, now));
    if (settled.isEmpty()) {
      // The resource was erased in between: what was just held or bought for it has no owner.
      inventory.undo(resource, found.get());
    }
    return settled;
  }

  private Optional<Operation> finish(
      Tx tx, ResourceId resource, String id, Outcome outcome, Instant now) {
    var found = rows.operation(tx, resource, id);
    if (found.isEmpty() || found.get().status() != Operation.Status.RUNNING) {
      return found;
    }
    var before = found.get();
    var fault = apply(tx, resource, before, outcome);
    var after =
        new Operation(
            before.id(),
            before.type(),
            fault.isPresent() ? Operation.Status.FAILED : Operation.Status.SUCCEEDED,
            before.intent(),
            before.createdOn(),
            now,
            fault);
    rows.update(tx, resource, after);
    return Optional.of(after);
  }

  /** Stores what came out; says what went wrong. */
  private Optional<Operation.Fault> apply(
      Tx tx, ResourceId resource, Operation operation, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Holding holding -> held(tx, resource, operation, holding.found());
      case Outcome.Bought bought -> {
        bought(tx, resource, operation, bought.numbers());
        yield Optional.empty();
      }
      case Outcome.Reserved reserved -> {
        reserved(tx, resource, operation, reserved.items());
        yield Optional.empty();
      }
      case Outcome.Done _ -> {
        done(tx, resource, operation);
        yield Optional.empty();
      }
      case Outcome.Failed failed -> {
        endHold(tx, resource, operation);
        yield Optional.of(failed.fault());
      }
    };
  }

  private Optional<Operation.Fault> held(
      Tx tx, ResourceId resource, Operation operation, Search.Found found) {
    var search = rows.search(tx, resource, operation.guid());
    var state = found.numbers().isEmpty() ? Search.State.ENDED : Search.State.HELD;
    search.ifPresent(before ->
        rows.put(
            tx,
            resource,
            new Search(before.id(), state, before.wish(), Optional.of(found), before.expiresOn())));
    return found.numbers().isEmpty() ? Optional.of(NumbersProblems.outOfStock()) : Optional.empty();
  }

  private void bought(
      Tx tx, ResourceId resource, Operation operation, List<PurchasedNumber> numbers) {
    if (operation.intent() instanceof Intent.PurchaseReservation purchase) {
      rows.reservation(tx, resource, purchase.reservationId())
          .ifPresent(before ->
              rows.put(
                  tx,
                  resource,
                  before.with(
                      Reservation.State.COMPLETED,
                      ReservationItems.ended(before.items(), Reservation.ItemState.PURCHASED))));
    }
    for (var number : numbers) {
      leases.begin(tx, number);
      tx.publish(new NumberEvent.Purchased(number.number()), Origin.service("numbers"));
    }
  }

  private void reserved(
      Tx tx, ResourceId resource, Operation operation, List<Reservation.Item> items) {
    if (operation.intent() instanceof Intent.ChangeReservation change) {
      rows.reservation(tx, resource, change.reservationId())
          .filter(before -> before.hold().equals(change.hold()))
          .filter(Reservation::holds)
          .ifPresentOrElse(
              before ->
                  rows.put(
                      tx,
                      resource,
                      before.with(
                          before.state(),
                          ReservationItems.merged(before.items(), items, change.removed()))),
              // It ended while it was changed: what it got since must not stay held.
              () ->
                  tx.publish(new NumberEvent.HoldEnded(change.hold()), Origin.service("numbers")));
    }
  }

  private void done(Tx tx, ResourceId resource, Operation operation) {
    switch (operation.intent()) {
      case Intent.Release release -> {
        leases.end(tx, resource, release.number());
        tx.publish(new NumberEvent.Released(release.number()), Origin.service("numbers"));
      }
      case Intent.Update update ->
          tx.publish(
              new NumberEvent.CapabilitiesUpdated(update.number()), Origin.service("numbers"));
      case Intent.Search _,
          Intent.PurchaseSearch _,
          Intent.PurchaseReservation _,
          Intent.ChangeReservation _ -> {}
    }
  }

  private void endHold(Tx tx, ResourceId resource, Operation operation) {
    switch (operation.intent()) {
      case Intent.PurchaseSearch purchase ->
          rows.search(tx, resource, purchase.searchId())
              .ifPresent(search -> rows.put(tx, resource, search.with(Search.State.ENDED)));
      case Intent.PurchaseReservation purchase ->
          rows.reservation(tx, resource, purchase.reservationId())
              .ifPresent(before ->
                  rows.put(
                      tx,
                      resource,
                      before.with(
                          Reservation.State.EXPIRED,
                          ReservationItems.ended(before.items(), Reservation.ItemState.ERROR))));
      case Intent.Search _, Intent.ChangeReservation _, Intent.Release _, Intent.Update _ -> {}
    }
  }
}
