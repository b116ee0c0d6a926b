package dev.parley.feature.numbers;

import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the operator has, and who has which number: everything here is a unit alone with the house's
 * partition, so of two who want a number one gets it. What an {@link Intent} asks for is done once,
 * however often it is asked.
 */
final class Inventory {
  /** Numbers that one unit adds or frees, so that nobody waits long. */
  private static final String QUARANTINE = "numbers.quarantine";

  private static final int AT_ONCE = 500;

  /** After every number, as text. */
  private static final String LAST = "+:";

  private final Store store;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final Duration quarantine;
  private final InventoryStore rows = new InventoryStore();
  private final OfferStore offers = new OfferStore();

  Inventory(Store store, DueJobs dueJobs, ServiceClock clock, Duration quarantine) {
    this.store = store;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.quarantine = quarantine;
  }

  void start() {
    dueJobs.handle(QUARANTINE, (tx, _, number) -> rows.endQuarantine(tx, number));
  }

  /**
   * Adds what is new; numbers that are there already stay as they are, offers get the file's cost.
   *
   * @return how many numbers are new
   */
  int add(List<NumberRange> ranges) {
    var added = 0;
    for (var range : ranges) {
      for (var from = 0; from < range.count(); from += AT_ONCE) {
        var start = from;
        added +=
            unit(tx -> {
              offers.put(tx, range.offer());
              offers.putArea(tx, range);
              var fresh = 0;
              for (var i = start; i < Math.min(range.count(), start + AT_ONCE); i++) {
                fresh += rows.insert(tx, range.number(i), range.offer()) ? 1 : 0;
              }
              return fresh;
            });
      }
    }
    return added;
  }

  /**
   * Takes numbers out, as far as they are free; kinds and areas that are empty then go too.
   *
   * @return how many are gone
   */
  int remove(List<NumberRange> ranges) {
    var removed = 0;
    for (var range : ranges) {
      for (var from = 0; from < range.count(); from += AT_ONCE) {
        var start = from;
        removed +=
            unit(tx -> {
              var gone = 0;
              for (var i = start; i < Math.min(range.count(), start + AT_ONCE); i++) {
                gone += rows.remove(tx, range.number(i)) ? 1 : 0;
              }
              return gone;
            });
      }
    }
    unit(tx -> {
      offers.all(tx).stream()
          .filter(offer -> !rows.has(tx, offer))
          .forEach(offer -> offers.delete(tx, offer));
      return true;
    });
    return removed;
  }

  /** How many numbers of a kind there are. */
  record Stock(Offer offer, long free, long held, long owned, long quarantined) {}

  /** How many numbers there are, kind by kind. */
  List<Stock> counts() {
    return store.read(all ->
        offers.all(all).stream()
            .map(offer -> {
              var counts = rows.counts(all, offer);
              return new Stock(offer, counts.get(0), counts.get(1), counts.get(2), counts.get(3));
            })
            .toList());
  }

  /** Does what the operation is for. */
  Outcome apply(ResourceId resource, Operation operation, Instant now) {
    return switch (operation.intent()) {
      case Intent.Search search -> unit(tx -> hold(tx, resource, search));
      case Intent.PurchaseSearch purchase ->
          unit(tx -> buy(tx, resource, purchase.searchId(), operation.id(), now));
      case Intent.PurchaseReservation purchase ->
          unit(tx -> buy(tx, resource, purchase.hold(), operation.id(), now));
      case Intent.ChangeReservation change -> unit(tx -> change(tx, resource, change));
      case Intent.Release release ->
          unit(tx -> {
            if (rows.release(tx, resource, release.number(), release.purchaseId())) {
              quarantine(tx, release.number());
            }
            return new Outcome.Done();
          });
      case Intent.Update update ->
          unit(tx -> {
            rows.setCapabilities(tx, resource, update);
            return new Outcome.Done();
          });
    };
  }

  /** A number that was somebody's stays away from others for a while. */
  private void quarantine(Tx tx, String number) {
    if (quarantine.isZero()) {
      return;
    }
    rows.quarantine(tx, number);
    var end = clock.now(InventoryStore.HOUSE).plus(quarantine);
    dueJobs.schedule(tx, InventoryStore.PARTITION, QUARANTINE, number, end, number);
  }

  private Outcome hold(Tx tx, ResourceId resource, Intent.Search search) {
    var wish = search.wish();
    var matching =
        offers.all(tx).stream()
            .filter(offer -> offer.country().equals(wish.country()))
            .filter(offer -> offer.fits(wish.type(), wish.assignment(), wish.capabilities()))
            .toList();
    var cost = matching.stream().findFirst().map(Offer::cost);
    var before = rows.held(tx, resource, search.searchId(), wish.quantity());
    if (!before.isEmpty()) {
      return new Outcome.Holding(new Search.Found(before, cost));
    }
    // All numbers of one search cost the same, so the first kind that has any gives them all.
    for (var offer : matching) {
      var numbers = pick(tx, offer, search);
      if (!numbers.isEmpty()) {
        var use =
            new InventoryStore.Use(
                resource, search.searchId(), wish.assignment(), wish.capabilities());
        numbers.forEach(number -> rows.hold(tx, number, use));
        return new Outcome.Holding(new Search.Found(numbers, Optional.of(offer.cost())));
      }
    }
    return new Outcome.Holding(new Search.Found(List.of(), cost));
  }

  /** Free numbers from the pivot upward, then those below it. */
  private List<String> pick(Tx tx, Offer offer, Intent.Search search) {
    var quantity = search.wish().quantity();
    var prefix = search.prefix();
    var found = new ArrayList<>(rows.free(tx, offer, search.pivot(), prefix + ":", quantity));
    found.addAll(rows.free(tx, offer, prefix, search.pivot(), quantity - found.size()));
    return found.stream().sorted().toList();
  }

  private Outcome buy(Tx tx, ResourceId resource, String hold, String purchase, Instant now) {
    var held = rows.held(tx, resource, hold, Numbers.SEARCH_MAX);
    if (!held.isEmpty()) {
      rows.buy(tx, resource, hold, purchase, now);
    }
    var numbers = rows.bought(tx, resource, purchase, Numbers.SEARCH_MAX);
    return numbers.isEmpty()
        ? new Outcome.Failed(NumbersProblems.holdLost())
        : new Outcome.Bought(numbers);
  }

  private Outcome change(Tx tx, ResourceId resource, Intent.ChangeReservation change) {
    var hold = change.hold();
    var held = rows.held(tx, resource, hold, Numbers.SEARCH_MAX);
    var items = new ArrayList<Reservation.Item>();
    for (var wanted : change.added()) {
      var stocked = rows.stocked(tx, wanted.number());
      var mine = held.contains(wanted.number());
      items.add(ReservationItems.of(wanted, stocked, mine));
      if (!mine && items.getLast().state() == Reservation.ItemState.RESERVED) {
        var capabilities = items.getLast().capabilities().orElseThrow();
        rows.hold(
            tx,
            wanted.number(),
            new InventoryStore.Use(resource, hold, wanted.assignment(), capabilities));
      }
    }
    change.removed().forEach(number -> rows.endHold(tx, resource, hold, number));
    return new Outcome.Reserved(items);
  }

  /** Frees what a search or a reservation holds. */
  void endHold(ResourceId resource, String hold) {
    unit(tx -> {
      rows.endHold(tx, resource, hold);
      return true;
    });
  }

  /** Frees what an operation got for a resource that was erased meanwhile. */
  void undo(ResourceId resource, Operation operation) {
    switch (operation.intent()) {
      case Intent.Search search -> endHold(resource, search.searchId());
      case Intent.ChangeReservation change -> endHold(resource, change.hold());
      case Intent.PurchaseSearch _, Intent.PurchaseReservation _ ->
          unit(tx -> {
            rows.bought(tx, resource, operation.id(), Numbers.SEARCH_MAX)
                .forEach(number -> rows.release(tx, resource, number.number(), operation.id()));
            return true;
          });
      case Intent.Release _, Intent.Update _ -> {}
    }
  }

  /** Gives a resource its developer's number, once. */
  void seed(ResourceId resource, Instant now) {
    unit(tx -> {
      if (rows.seed(tx, resource).isEmpty()) {
        seed(tx, resource, now);
      }
      return true;
    });
  }

  private void seed(Tx tx, ResourceId resource, Instant now) {
    var capable =
        offers.all(tx).stream()
            .filter(offer -> offer.capabilities().sms() == Capability.BOTH)
            .filter(offer -> offer.assignments().contains(AssignmentType.APPLICATION))
            // Toll-free first: it is what the quickstarts send from.
            .sorted((a, b) -> Boolean.compare(isTollFree(b), isTollFree(a)))
            .toList();
    for (var offer : capable) {
      var free = rows.free(tx, offer, "+", LAST, 1);
      if (!free.isEmpty()) {
        var use =
            new InventoryStore.Use(
                resource, "developer", AssignmentType.APPLICATION, offer.capabilities());
        rows.give(tx, free.getFirst(), use, now);
        rows.seed(tx, resource, free.getFirst());
        return;
      }
    }
  }

  private static boolean isTollFree(Offer offer) {
    return offer.type() == NumberType.TOLL_FREE;
  }

  /** Takes all numbers of a resource back, in bounded units. */
  void takeBack(ResourceId resource) {
    while (true) {
      var some = store.read(all -> rows.all(all, resource, AT_ONCE));
      unit(tx -> {
        some.forEach(number -> {
          var owned = rows.owned(tx, number).isPresent();
          rows.takeBack(tx, resource, number);
          if (owned) {
            quarantine(tx, number);
          }
        });
        if (some.isEmpty()) {
          rows.forgetSeed(tx, resource);
        }
        return true;
      });
      if (some.isEmpty()) {
        return;
      }
    }
  }

  private <T> T unit(Function<Tx, T> work) {
    return store.write(InventoryStore.PARTITION, work::apply);
  }
}
