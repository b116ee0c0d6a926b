package dev.parley.feature.numbers;

import dev.parley.base.event.NumberEvent;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * The front door of the long-running operations: search, purchase, release, capabilities. Each is
 * stored with what it is to do before anything happens, and is usually finished when its method
 * returns.
 */
final class Operations {
  private final NumbersConfig config;
  private final Store store;
  private final Catalogue catalogue;
  private final Settlement settlement;
  private final Holds holds;
  private final ServiceClock clock;
  private final SecureRandom random;
  private final NumberStore rows = new NumberStore();
  private final InventoryStore inventory = new InventoryStore();

  Operations(
      NumbersConfig config,
      Store store,
      Catalogue catalogue,
      Settlement settlement,
      Holds holds,
      ServiceClock clock,
      SecureRandom random) {
    this.config = config;
    this.store = store;
    this.catalogue = catalogue;
    this.settlement = settlement;
    this.holds = holds;
    this.clock = clock;
    this.random = random;
  }

  /** Looks for numbers and holds them for a purchase. */
  Operation search(Caller caller, SearchWish wish) {
    catalogue.check(wish);
    var resource = caller.resource();
    var id = UUID.randomUUID().toString();
    var prefix = CallingCodes.prefix(wish.country()) + wish.areaCode();
    var pivot = prefix + "%07d".formatted(random.nextInt(10_000_000));
    var search =
        new Search(
            id,
            Search.State.RUNNING,
            wish,
            Optional.empty(),
            clock.now(resource).plus(config.searchHold()));
    return started(
        caller,
        id,
        (tx, _) -> {
          rows.put(tx, resource, search);
          holds.searchStarted(tx, resource, search);
          return new Intent.Search(id, wish, prefix, pivot);
        });
  }

  /** What a search found. */
  Search result(Caller caller, String searchId) {
    return store
        .read(all -> rows.search(all, caller.resource(), searchId))
        .orElseThrow(NumbersProblems::searchNotFound);
  }

  /** Whether a buyer in the country must agree not to resell. */
  boolean needsAgreement(String country) {
    return config.needsAgreement(country);
  }

  /** Buys what a search holds; of two purchases of one search, one is refused. */
  Operation purchase(Caller caller, String searchId, boolean agreeToNotResell) {
    var resource = caller.resource();
    return started(
        caller,
        UUID.randomUUID().toString(),
        (tx, now) -> {
          var search =
              rows.search(tx, resource, searchId).orElseThrow(NumbersProblems::searchNotFound);
          var count = search.found().map(found -> found.numbers().size()).orElse(0);
          switch (search.state()) {
            case HELD -> {
              if (!now.isBefore(search.expiresOn())) {
                throw NumbersProblems.searchExpired();
              }
            }
            case PURCHASED -> throw NumbersProblems.searchBought();
            case RUNNING, ENDED -> throw NumbersProblems.searchExpired();
          }
          checkAgreement(search.wish().country(), agreeToNotResell);
          checkOwned(tx, resource, count);
          rows.put(tx, resource, search.with(Search.State.PURCHASED));
          holds.searchBought(tx, resource, searchId);
          return new Intent.PurchaseSearch(searchId);
        });
  }

  /** Buys what a reservation holds. */
  Operation purchaseReservation(Caller caller, String reservationId, boolean agreeToNotResell) {
    var resource = caller.resource();
    return started(
        caller,
        UUID.randomUUID().toString(),
        (tx, now) -> {
          var reservation = active(tx, resource, reservationId, now);
          var reserved =
              reservation.items().stream()
                  .filter(item -> item.state() == Reservation.ItemState.RESERVED)
                  .toList();
          if (reserved.isEmpty()) {
            throw NumbersProblems.reservationEmpty();
          }
          reserved.stream()
              .flatMap(item -> item.offer().stream())
              .forEach(offer -> checkAgreement(offer.country(), agreeToNotResell));
          checkOwned(tx, resource, reserved.size());
          rows.put(
              tx, resource, reservation.with(Reservation.State.SUBMITTED, reservation.items()));
          holds.reservationBought(tx, resource, reservationId);
          return new Intent.PurchaseReservation(reservationId, reservation.hold());
        });
  }

  /** The reservation, if it is one that still holds its numbers. */
  Reservation active(Tx tx, ResourceId resource, String reservationId, Instant now) {
    var reservation =
        rows.reservation(tx, resource, reservationId)
            .orElseThrow(NumbersProblems::reservationNotFound);
    if (reservation.state() != Reservation.State.ACTIVE) {
      throw NumbersProblems.reservationEnded(reservation.state());
    }
    if (!now.isBefore(reservation.expiresOn())) {
      throw NumbersProblems.reservationEnded(Reservation.State.EXPIRED);
    }
    return reservation;
  }

  /** Gives a number back to the inventory. */
  Operation release(Caller caller, String number) {
    var owned = owned(caller.resource(), number);
    return started(
        caller,
        UUID.randomUUID().toString(),
        (_, _) -> new Intent.Release(number, owned.purchaseId()));
  }

  /**
   * Changes what a number is used for, within what its kind can do.
   *
   * @param calling empty for as it is
   * @param sms empty for as it is
   */
  Operation update(
      Caller caller, String number, Optional<Capability> calling, Optional<Capability> sms) {
    var owned = owned(caller.resource(), number);
    var before = owned.owned().capabilities();
    var after = new Capabilities(calling.orElse(before.calling()), sms.orElse(before.sms()));
    if (!owned.offer().capabilities().include(after)) {
      throw NumbersProblems.capabilitiesNotOffered();
    }
    return started(
        caller,
        UUID.randomUUID().toString(),
        (_, _) -> new Intent.Update(number, owned.purchaseId(), after));
  }

  private PurchasedNumber owned(ResourceId resource, String number) {
    return store
        .read(all -> inventory.owned(all, number))
        .filter(found -> found.owned().resource().equals(resource))
        .orElseThrow(() -> NumbersProblems.numberNotFound(number));
  }

  private void checkAgreement(String country, boolean agreed) {
    if (!agreed && config.needsAgreement(country)) {
      throw NumbersProblems.agreementMissing();
    }
  }

  private void checkOwned(Tx tx, ResourceId resource, int more) {
    if (inventory.count(tx, resource, config.ownedMax()) + more > config.ownedMax()) {
      throw NumbersProblems.tooMany(config.ownedMax());
    }
  }

  /** One operation of the contract. */
  Operation get(Caller caller, String id) {
    return find(caller, id)
        .filter(found -> found.type() != OperationType.RESERVATION_CHANGE)
        .orElseThrow(NumbersProblems::operationNotFound);
  }

  /** Ends an operation that still runs; one that is over stays as it is. */
  void cancel(Caller caller, String id) {
    var resource = caller.resource();
    get(caller, id);
    store.write(
        NumberStore.partition(resource),
        tx -> {
          rows.operation(tx, resource, id)
              .filter(found -> found.status() == Operation.Status.RUNNING)
              .ifPresent(found -> {
                rows.update(tx, resource, cancelled(found, clock.now(resource)));
                if (found.intent() instanceof Intent.Search search) {
                  tx.publish(new NumberEvent.HoldEnded(search.searchId()), caller.origin());
                }
              });
          return true;
        });
  }

  private static Operation cancelled(Operation found, Instant now) {
    return new Operation(
        found.id(),
        found.type(),
        Operation.Status.FAILED,
        found.intent(),
        found.createdOn(),
        now,
        Optional.of(NumbersProblems.cancelled()));
  }

  private Optional<Operation> find(Caller caller, String id) {
    return store.read(all -> rows.operation(all, caller.resource(), id.toLowerCase(Locale.ROOT)));
  }

  /**
   * Stores the operation together with what must be true for it to begin, and finishes it.
   *
   * @param prepare checks and writes in the resource's unit, and says what is to be done
   */
  Operation started(Caller caller, String guid, BiFunction<Tx, Instant, Intent> prepare) {
    var resource = caller.resource();
    var now = clock.now(resource);
    var operation =
        store.write(
            NumberStore.partition(resource),
            tx -> {
              var intent = prepare.apply(tx, now);
              var type = OperationType.of(intent);
              var begun =
                  new Operation(
                      type.id(guid),
                      type,
                      Operation.Status.RUNNING,
                      intent,
                      now,
                      now,
                      Optional.empty());
              rows.insert(tx, resource, begun);
              holds.operationStarted(tx, resource, begun.id(), now);
              tx.publish(new NumberEvent.OperationStarted(begun.id()), caller.origin());
              return begun;
            });
    return settlement.settle(resource, operation.id()).orElse(operation);
  }
}
