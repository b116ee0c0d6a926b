package dev.parley.base.bus;

import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The bus on SQLite. */
final class LocalBusTest implements BusContract {
  @TempDir private Path folder;

  @Override
  public Store open() {
    return new SqliteStore(folder.resolve("parley.db"), List.of(), StoreOptions.DEFAULT);
  }
}
