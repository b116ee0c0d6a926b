package dev.parley.base.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last units of partitions left to the next ones; the least recently used make room. For
 * the thread that writes, and for as long as nobody else does.
 */
final class Memories {
  private static final int PARTITIONS_MAX = 4_000;

  private final Map<PartitionKey, Object> left =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PartitionKey, Object> eldest) {
          return size() > PARTITIONS_MAX;
        }
      };

  /** For the partition's next unit. */
  UnitMemory next(PartitionKey partition) {
    return new UnitMemory(left.get(partition));
  }

  /** A unit has ended well. */
  void ended(PartitionKey partition, UnitMemory memory) {
    @Nullable Object value = memory.left();
    if (value == null) {
      left.remove(partition);
    } else {
      left.put(partition, value);
    }
  }

  /** What units did was taken back. */
  void clear() {
    left.clear();
  }
}
