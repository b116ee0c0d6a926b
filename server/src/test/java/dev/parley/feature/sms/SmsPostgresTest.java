package dev.parley.feature.sms;

import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class SmsPostgresTest extends SmsContract {
  private @Nullable PostgresConfig database;

  @Override
  Store open(List<Migration> migrations) {
    var config = database;
    if (config == null) {
      config = PostgresConfig.of(PostgresServer.shared().newDatabase());
      database = config;
    }
    return PostgresStore.open(config, migrations, StoreOptions.TWICE);
  }
}
