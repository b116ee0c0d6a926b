package dev.parley.feature.events;

import dev.parley.base.store.Migration;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.util.List;

final class EventsTest extends EventsContract {
  @Override
  Store open(List<Migration> migrations) {
    return new SqliteStore(
        folder.resolve("parley.db"), migrations, StoreOptions.TWICE.with(clock()));
  }
}
