package dev.parley.base.store;

import java.time.Instant;

/**
 * Work for later. Every due job is a row with a due time in service time, written in the unit that
 * makes it necessary.
 */
public interface DueJobs {
  /**
   * Does the work of one row, as a unit of the row's partition; the row is gone with the unit's
   * commit.
   */
  @FunctionalInterface
  interface Work {
    void run(Tx tx, PartitionKey partition, String detail);
  }

  /**
   * Writes the row; a row of the same kind and name in the partition is replaced, so a due time can
   * be moved.
   *
   * @param detail what the work needs to know, at most 1 KB
   */
  void schedule(
      Tx tx, PartitionKey partition, String kind, String name, Instant due, String detail);

  /** Takes the row away, if it is there. */
  void cancel(Tx tx, PartitionKey partition, String kind, String name);

  /** Says who does jobs of a kind; before the house starts. */
  void handle(String kind, Work work);
}
