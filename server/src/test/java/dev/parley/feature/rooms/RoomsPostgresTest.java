package dev.parley.feature.rooms;

import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.util.List;

final class RoomsPostgresTest extends RoomsContract {
  @Override
  Store open(List<Migration> migrations) {
    var database = PostgresServer.shared().newDatabase();
    return PostgresStore.open(PostgresConfig.of(database), migrations, StoreOptions.TWICE);
  }
}
