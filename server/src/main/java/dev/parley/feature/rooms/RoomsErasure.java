package dev.parley.feature.rooms;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.util.List;

/**
 * A durable hearer: takes deleted users off every list, a unit in each room's partition. Done again
 * without harm.
 */
final class RoomsErasure implements Hearer, Erasable {
  static final String HEARER = "rooms.erasure";
  private static final int ROOMS_AT_ONCE = 100;

  private final Stores stores;
  private final RoomsStore rows = new RoomsStore();

  RoomsErasure(Stores stores) {
    this.stores = stores;
  }

  @Override
  public void hear(JournalRow row) {
    if (row.event() instanceof IdentityEvent.Deleted deleted) {
      eraseUser(row.partition().resource(), deleted.userId());
    }
  }

  private void eraseUser(ResourceId resource, String userId) {
    var store = stores.of(resource);
    while (true) {
      var some = store.read(all -> rows.someRoomsOf(all, resource, userId, ROOMS_AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      for (var key : some) {
        store.write(key.partition(), tx -> remove(tx, key, userId));
      }
    }
  }

  private boolean remove(Tx tx, RoomKey key, String userId) {
    if (rows.role(tx, key, userId).isEmpty()) {
      return false;
    }
    rows.remove(tx, key, userId);
    tx.publish(
        new RoomEvent.ParticipantsUpdated(key.id(), List.of(userId)), Origin.service("rooms"));
    return true;
  }

  @Override
  public void eraseAll(ResourceId resource) {
    var store = stores.of(resource);
    while (true) {
      var some = store.read(all -> rows.someRooms(all, resource, ROOMS_AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      for (var key : some) {
        store.write(
            key.partition(),
            tx -> {
              rows.delete(tx, key);
              return true;
            });
      }
    }
  }
}
