package dev.parley.feature.calling;

import dev.parley.base.store.Migration;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

final class CallingTest extends CallingContract {
  @TempDir private static Path folder;

  @Override
  Store open(List<Migration> migrations) {
    return new SqliteStore(folder.resolve("one"), migrations, StoreOptions.TWICE);
  }

  @Override
  Store elsewhere(List<Migration> migrations) {
    return new SqliteStore(folder.resolve("two"), migrations, StoreOptions.TWICE);
  }

  @Override
  Store lobby(List<Migration> migrations) {
    return new SqliteStore(folder.resolve("three"), migrations, StoreOptions.TWICE);
  }
}
