package dev.parley.base.store;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that must survive. Implementations: {@code SqliteStore}, {@code PostgresStore}. Safe
 * on every thread.
 */
public interface Store extends AutoCloseable {
  /**
   * Runs the unit alone with its partition; returns after it is durable. The unit may run more than
   * once.
   *
   * @throws dev.parley.base.words.Refusal what the unit threw; nothing of it is stored
   * @throws StoreUnavailable when the outcome is unknown or the queue of waiting units is full
   */
  <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit);

  /** Reads what is committed, in one snapshot; never waits for writers. */
  <T> T read(Query<T> query);

  /**
   * Journal rows of one shard after a position, oldest first, without holes; at most {@code limit}.
   */
  List<JournalRow> journal(Shard shard, long after, int limit);

  /** The newest committed position of every shard; 0 where nothing happened. */
  Map<Shard, Long> heads();

  /**
   * Hands over the journal rows of each commit of this process, after it is durable and in commit
   * order per shard. The listener returns at once; it runs on the writer's thread. One listener,
   * set before the first write.
   */
  void onCommit(Consumer<List<JournalRow>> listener);

  /** Writes a consistent copy of everything to a new file while the store goes on working. */
  void backup(java.nio.file.Path target);

  /** What an integrity check finds; empty when all is well. */
  List<String> check();

  @Override
  void close();
}
