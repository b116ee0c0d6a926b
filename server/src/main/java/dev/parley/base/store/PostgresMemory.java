package dev.parley.base.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows without asking: how it left the heads of the journal's shards, and what
 * units of partitions left to the next ones. It is true as long as nobody else has written to the
 * shard; the lock of the next batch finds that out. For the thread that writes.
 */
final class PostgresMemory {
  /** Batches in a row after which a shard is taken to be this process' alone. */
  private static final int ALONE_MIN = 16;

  private static final class Known {
    PostgresJournal.@Nullable Head head;
    int batches;
    final Memories memories = new Memories();
  }

  private final Map<Shard, Known> shards = new HashMap<>();
  private @Nullable PostgresConnection connection;

  /** Another connection may lead to another server, which has not seen everything. */
  void on(PostgresConnection used) {
    if (!used.equals(connection)) {
      connection = used;
      shards.clear();
    }
  }

  /** The heads of those shards that nobody else seems to write to. */
  Map<Shard, PostgresJournal.Head> expected(Collection<Shard> wanted) {
    var expected = new HashMap<Shard, PostgresJournal.Head>();
    for (var shard : wanted) {
      var known = of(shard);
      if (known.head != null && known.batches >= ALONE_MIN) {
        expected.put(shard, known.head);
      }
    }
    return expected;
  }

  /** The heads as they are, now that they are locked. */
  void found(Map<Shard, PostgresJournal.Head> heads) {
    heads.forEach((shard, head) -> {
      var known = of(shard);
      if (!head.equals(known.head)) {
        known.memories.clear();
        known.batches = 0;
      }
      known.head = head;
      known.batches++;
    });
  }

  /** The heads as a commit has left them. */
  void left(Map<Shard, PostgresJournal.Head> heads) {
    heads.forEach((shard, head) -> of(shard).head = head);
  }

  /** What was done is taken back, or nobody knows. */
  void forget(Collection<Shard> touched) {
    touched.forEach(shards::remove);
  }

  /** What the partitions of a shard know. */
  Memories memories(Shard shard) {
    return of(shard).memories;
  }

  private Known of(Shard shard) {
    return shards.computeIfAbsent(shard, _ -> new Known());
  }
}
