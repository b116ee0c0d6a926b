package dev.parley.feature.identity;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Erases all that a resource's users left: row by row, each in a unit of its own partition, many
 * units at a time.
 */
final class IdentityErasure {
  private final Stores stores;
  private final IdentityStore rows;
  private final UserStates states;

  IdentityErasure(Stores stores, IdentityStore rows, UserStates states) {
    this.stores = stores;
    this.rows = rows;
    this.states = states;
  }

  /** Done again without harm, so a crash in between is healed by the next call. */
  void eraseAll(ResourceId resource) {
    try {
      erase(
          resource,
          (all, limit) -> rows.someUsers(all, resource, limit),
          UserKey::partition,
          rows::removeUser);
      erase(
          resource,
          (all, limit) -> rows.someExternals(all, resource, limit),
          hash -> IdentityStore.external(resource, hash),
          (tx, hash) -> rows.removeExternal(tx, resource, hash));
      erase(
          resource,
          (all, limit) -> rows.someAssignments(all, resource, limit),
          id -> id.partition(resource),
          (tx, id) -> rows.removeAssignment(tx, resource, id));
    } finally {
      states.clear();
    }
  }

  private <T> void erase(
      ResourceId resource,
      BiFunction<Rows, Integer, List<T>> some,
      Function<T, PartitionKey> partition,
      BiConsumer<Tx, T> remove) {
    var store = stores.of(resource);
    while (true) {
      var items = store.read(all -> some.apply(all, SideBySide.ITEMS_MAX));
      if (items.isEmpty()) {
        return;
      }
      SideBySide.each(
          items,
          item ->
              store.write(
                  partition.apply(item),
                  tx -> {
                    remove.accept(tx, item);
                    return true;
                  }));
    }
  }
}
