package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import java.nio.file.Path;
import java.util.List;

/** How the contract gets at a store: every test has one database of its own, empty at first. */
interface Opening {
  ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");
  ResourceId FABRIKAM = new ResourceId("22222222-bbbb-4000-8000-000000000002");
  PartitionKey RED = new PartitionKey(CONTOSO, "red");
  PartitionKey BLUE = new PartitionKey(CONTOSO, "blue");
  PartitionKey FOREIGN_RED = new PartitionKey(FABRIKAM, "red");

  /** The test's database, with the tables of {@link Ledger}. */
  Store open(StoreOptions options);

  /**
   * The same database once more, after its store was closed.
   *
   * @param rooms what the program knows now; {@link Ledger#MIGRATIONS} and perhaps more
   */
  Store reopen(List<Migration> rooms);

  /** What {@link Store#backup} wrote, as a store. */
  Store openBackup(Path backup);

  /** The same database with the same program. */
  default Store reopen() {
    return reopen(Ledger.MIGRATIONS);
  }

  default Store open() {
    return open(StoreOptions.DEFAULT);
  }
}
