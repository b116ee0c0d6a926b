package dev.parley.feature.numbers;

import dev.parley.feature.numbers.Reservation.Item;
import dev.parley.feature.numbers.Reservation.ItemState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What a reservation says about its numbers. */
final class ReservationItems {
  private ReservationItems() {}

  /**
   * What becomes of a number that is asked for.
   *
   * @param stocked the number in the inventory
   * @param mine whether the reservation holds it already
   */
  static Item of(Wanted wanted, Optional<InventoryStore.Stocked> stocked, boolean mine) {
    var offer = stocked.map(InventoryStore.Stocked::offer);
    var capabilities = wanted.capabilities().or(() -> offer.map(Offer::capabilities));
    var fault = fault(wanted, stocked, mine);
    return new Item(
        wanted.number(),
        wanted.assignment(),
        capabilities,
        offer,
        fault.isPresent() ? ItemState.ERROR : ItemState.RESERVED,
        fault);
  }

  private static Optional<Operation.Fault> fault(
      Wanted wanted, Optional<InventoryStore.Stocked> stocked, boolean mine) {
    if (stocked.isEmpty() || (!stocked.get().free() && !mine)) {
      return Optional.of(NumbersProblems.numberUnavailable(wanted.number()));
    }
    var offer = stocked.get().offer();
    var fits =
        offer.assignments().contains(wanted.assignment())
            && wanted.capabilities().map(offer.capabilities()::include).orElse(true);
    return fits ? Optional.empty() : Optional.of(NumbersProblems.unfit(wanted.number()));
  }

  /** The items after a change; one that could not be had leaves one that is held as it was. */
  static List<Item> merged(List<Item> before, List<Item> changed, List<String> removed) {
    var items = new LinkedHashMap<String, Item>();
    before.forEach(item -> items.put(item.number(), item));
    removed.forEach(items::remove);
    changed.forEach(item -> items.put(item.number(), item));
    return new ArrayList<>(items.values());
  }

  /** The items once the reservation has ended so. */
  static List<Item> ended(List<Item> items, ItemState state) {
    return items.stream()
        .map(item -> item.state() == ItemState.RESERVED ? item.with(state) : item)
        .toList();
  }
}
