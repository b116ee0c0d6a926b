package dev.parley.feature.rooms;

import dev.parley.base.store.Migration;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

final class RoomsTest extends RoomsContract {
  @TempDir private Path folder;

  @Override
  Store open(List<Migration> migrations) {
    return new SqliteStore(folder.resolve("parley.db"), migrations, StoreOptions.TWICE);
  }
}
