package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Work that one process at a time does, of all that share a store: whoever holds the lease. It is
 * held as long as {@link #keep} comes often enough; a process that is silent for longer loses it.
 */
public final class Lease {
  private static final String HOUSE = ResourceId.HOUSE.value();

  private record Held(String node, long until) {}

  private final Store store;
  private final InstantSource clock;
  private final String work;
  private final String node;
  private final Duration span;
  private final PartitionKey partition;

  /**
   * A lease that nobody has taken yet.
   *
   * @param work its name
   * @param node who asks for it: a name that no other process has
   * @param span how long a silent holder is believed to be alive
   */
  public Lease(Store store, InstantSource clock, String work, String node, Duration span) {
    this.store = store;
    this.clock = clock;
    this.work = work;
    this.node = node;
    this.span = span;
    this.partition = new PartitionKey(ResourceId.HOUSE, "hearer:" + work);
  }

  /**
   * Takes or keeps it.
   *
   * @return false when another process has it
   */
  public boolean keep() {
    return keep(_ -> {});
  }

  /**
   * The same, and writes in the same unit what only the holder may write.
   *
   * @param more may run twice, as every unit may
   */
  public boolean keep(Consumer<Tx> more) {
    var now = clock.millis();
    return store.write(
        partition,
        tx -> {
          var held =
              tx.one(
                  "SELECT node, until_ms FROM hearer_lease WHERE resource_id = ? AND hearer = ?",
                  row -> new Held(row.text(1), row.number(2)),
                  HOUSE,
                  work);
          var mine = held.filter(one -> one.node().equals(node));
          if (mine.isEmpty() && held.filter(one -> one.until() > now).isPresent()) {
            return false;
          }
          // One write in half of the span is enough to show that this process lives.
          if (mine.filter(one -> one.until() - now >= span.toMillis() / 2).isEmpty()) {
            tx.run(
                "INSERT INTO hearer_lease (resource_id, hearer, node, until_ms) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (resource_id, hearer)"
                    + " DO UPDATE SET node = excluded.node, until_ms = excluded.until_ms",
                HOUSE,
                work,
                node,
                now + span.toMillis());
          }
          more.accept(tx);
          return true;
        });
  }

  /** Gives it back, so that another process need not wait. */
  public void release() {
    store.write(
        partition,
        tx ->
            tx.run(
                "DELETE FROM hearer_lease WHERE resource_id = ? AND hearer = ? AND node = ?",
                HOUSE,
                work,
                node));
  }
}
