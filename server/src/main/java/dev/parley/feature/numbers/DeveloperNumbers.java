package dev.parley.feature.numbers;

import dev.parley.base.store.Store;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the developer profile finds there: an inventory of fictional numbers, and one number for
 * every resource that can send and receive SMS. A resource gets its number when something first
 * asks for its numbers; once given back, it is not replaced.
 */
final class DeveloperNumbers {
  private static final String FILE = "developer-numbers.csv";

  /** Resources remembered as served; beyond these the store is asked again. */
  private static final int KNOWN_MAX = 10_000;

  private final Store store;
  private final Inventory inventory;
  private final ServiceClock clock;
  private final InventoryStore rows = new InventoryStore();
  private final Set<ResourceId> known = ConcurrentHashMap.newKeySet();

  DeveloperNumbers(Store store, Inventory inventory, ServiceClock clock) {
    this.store = store;
    this.inventory = inventory;
    this.clock = clock;
  }

  /** Fills an empty inventory. */
  void fill() {
    if (store.read(rows::isEmpty)) {
      inventory.add(NumberFile.csv(file()));
    }
  }

  /** The number that the resource was given, which it may have released since. */
  Optional<String> given(ResourceId resource) {
    return store.read(all -> rows.seed(all, resource));
  }

  /** Gives the resource its number, if it never had one and one is left. */
  void give(ResourceId resource) {
    if (known.contains(resource)) {
      return;
    }
    if (given(resource).isEmpty()) {
      inventory.seed(resource, clock.now(resource));
    }
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.add(resource);
  }

  /** The resource is gone, or begins anew. */
  void forget(ResourceId resource) {
    known.remove(resource);
  }

  /** The fictional stock. */
  static String file() {
    return ProgramFile.text(FILE);
  }
}
