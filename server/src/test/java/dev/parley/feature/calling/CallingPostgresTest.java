package dev.parley.feature.calling;

import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresConfig;
import dev.parley.base.store.PostgresServer;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

@DisabledIfEnvironmentVariable(named = "PARLEY_WITHOUT_POSTGRES", matches = "1")
final class CallingPostgresTest extends CallingContract {
  private final String one = PostgresServer.shared().newDatabase();
  private final String two = PostgresServer.shared().newDatabase();
  private final String three = PostgresServer.shared().newDatabase();

  private static Store at(String database, List<Migration> migrations) {
    return PostgresStore.open(PostgresConfig.of(database), migrations, StoreOptions.TWICE);
  }

  @Override
  Store open(List<Migration> migrations) {
    return at(one, migrations);
  }

  @Override
  Store elsewhere(List<Migration> migrations) {
    return at(two, migrations);
  }

  @Override
  Store lobby(List<Migration> migrations) {
    return at(three, migrations);
  }
}
