package dev.parley.feature.realtime;

import dev.parley.base.store.Shard;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a stream is: the last journal position of each shard, written {@code 0-17.3-912}. A shard
 * that is not named has not begun.
 */
record StreamPosition(Map<Integer, Long> shards) {
  private static final int SHARDS_MAX = 4_096;
  private static final int CHARACTERS_MAX = 32_768;

  StreamPosition {
    shards = Map.copyOf(shards);
  }

  static StreamPosition of(Map<Shard, Long> positions) {
    return new StreamPosition(
        positions.entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey().number(), Map.Entry::getValue)));
  }

  /** Reads a position; empty for what is none. */
  static Optional<StreamPosition> parse(String text) {
    if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
      return Optional.empty();
    }
    var shards = new TreeMap<Integer, Long>();
    try {
      for (var part : text.split("\\.", SHARDS_MAX)) {
        var dash = part.indexOf('-');
        var shard = Integer.parseInt(part.substring(0, Math.max(0, dash)));
        var position = Long.parseLong(part.substring(dash + 1));
        if (shard < 0 || position < 0) {
          return Optional.empty();
        }
        shards.put(shard, position);
      }
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
    return Optional.of(new StreamPosition(shards));
  }

  /** The same, but nowhere beyond another one: what has not happened cannot be passed by. */
  StreamPosition atMost(StreamPosition other) {
    var all = new TreeMap<Integer, Long>();
    shards.forEach((shard, position) ->
        all.put(shard, Math.min(position, other.shards().getOrDefault(shard, 0L))));
    return new StreamPosition(all);
  }

  long in(Shard shard) {
    return shards.getOrDefault(shard.number(), 0L);
  }

  StreamPosition with(Shard shard, long position) {
    var all = new TreeMap<>(shards);
    all.put(shard.number(), position);
    return new StreamPosition(all);
  }

  String text() {
    return new TreeMap<>(shards)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "-" + entry.getValue())
            .collect(Collectors.joining("."));
  }
}
