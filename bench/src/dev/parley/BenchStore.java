package dev.parley;

import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import java.nio.file.Path;

/** The store of a server that does not run, for what would take a benchmark too long over HTTP. */
public final class BenchStore {
  private BenchStore() {}

  public static Store open(Path data) {
    return new SqliteStore(data.resolve("parley.db"), House.migrations(), StoreOptions.DEFAULT);
  }
}
