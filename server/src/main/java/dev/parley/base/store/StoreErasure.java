package dev.parley.base.store;

import dev.parley.base.words.ResourceId;

/**
 * Erases what the store itself keeps about a resource: work that is due, and remembered answers.
 */
public final class StoreErasure implements Erasable {
  private final Stores stores;

  public StoreErasure(Stores stores) {
    this.stores = stores;
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erase(
        resource,
        "SELECT DISTINCT partition_key FROM due_job WHERE resource_id = ?"
            + " ORDER BY partition_key LIMIT ?",
        "DELETE FROM due_job WHERE resource_id = ? AND partition_key = ?");
    erase(
        resource,
        "SELECT DISTINCT partition_key FROM repeat_answer WHERE resource_id = ?"
            + " ORDER BY partition_key LIMIT ?",
        "DELETE FROM repeat_answer WHERE resource_id = ? AND partition_key = ?");
  }

  private void erase(ResourceId resource, String some, String remove) {
    var store = stores.of(resource);
    while (true) {
      var partitions =
          store.read(all ->
              all.all(some, row -> row.text(1), resource.value(), (long) SideBySide.ITEMS_MAX));
      if (partitions.isEmpty()) {
        return;
      }
      SideBySide.each(
          partitions,
          partition ->
              store.write(
                  new PartitionKey(resource, partition),
                  tx -> tx.run(remove, resource.value(), partition)));
    }
  }
}
