package dev.parley.feature.numbers;

import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Page;
import dev.parley.base.words.ResourceId;
import java.util.Optional;

/**
 * The front door of owned numbers, for callers and for other rooms: who owns a number, and what it
 * can do. Answers come from the store, so they are as true on one node as on another.
 */
public final class Numbers {
  /** Numbers that one search or one reservation may hold. */
  static final int SEARCH_MAX = 1_000;

  private final Store store;
  private final InventoryStore rows = new InventoryStore();
  private final Optional<DeveloperNumbers> developer;

  Numbers(Store store, Optional<DeveloperNumbers> developer) {
    this.store = store;
    this.developer = developer;
  }

  /** The number as its owner has it, whoever that is: for what comes in from a carrier or trunk. */
  public Optional<OwnedNumber> find(String number) {
    return store.read(all -> rows.owned(all, number)).map(PurchasedNumber::owned);
  }

  /** The number, if this resource owns it: for what goes out. */
  public Optional<OwnedNumber> find(ResourceId resource, String number) {
    return purchased(resource, number).map(PurchasedNumber::owned);
  }

  /** One number of the caller's resource. */
  PurchasedNumber get(Caller caller, String number) {
    return purchased(caller.resource(), number)
        .orElseThrow(() -> NumbersProblems.numberNotFound(number));
  }

  /** Numbers of the caller's resource, the lowest first. */
  Page<PurchasedNumber> list(Caller caller, int skip, int size, Optional<String> after) {
    developer.ifPresent(one -> one.give(caller.resource()));
    var found =
        store.read(all -> rows.owned(all, caller.resource(), after.orElse(""), skip, size + 1));
    return Page.of(found, size, PurchasedNumber::number);
  }

  private Optional<PurchasedNumber> purchased(ResourceId resource, String number) {
    developer.ifPresent(one -> one.give(resource));
    return store
        .read(all -> rows.owned(all, number))
        .filter(found -> found.owned().resource().equals(resource));
  }
}
