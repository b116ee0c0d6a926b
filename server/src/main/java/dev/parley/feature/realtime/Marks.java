package dev.parley.feature.realtime;

import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far each server of the house had got with telling its clients, as rows of the store: where
 * another one goes on when it is gone. Written once a second while it moves.
 */
final class Marks {
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              "realtime",
              1,
              List.of(
                  """
                  CREATE TABLE realtime_mark (
                    resource_id TEXT NOT NULL, node TEXT NOT NULL, positions TEXT NOT NULL,
                    marked_on BIGINT NOT NULL, PRIMARY KEY (resource_id, node))\
                  """)));

  private static final ResourceId HOUSE = new ResourceId("house");
  private static final PartitionKey PARTITION = new PartitionKey(HOUSE, "realtime");
  private static final Duration KEPT = Duration.ofDays(1);

  private final Store store;
  private final String node;
  private final InstantSource clock;
  private @Nullable StreamPosition written;

  /**
   * The marks of a house.
   *
   * @param node names this run of this server
   */
  Marks(Store store, String node, InstantSource clock) {
    this.store = store;
    this.node = node;
    this.clock = clock;
  }

  /**
   * Everything up to the position has been told, and acknowledged by those who are here; durable on
   * return.
   *
   * @param position asked for when nobody else is marking, so that marks follow on each other
   */
  synchronized void mark(Supplier<StreamPosition> position) {
    var now = position.get();
    if (!now.equals(written)) {
      mark(Map.of(node, now));
      written = now;
    }
  }

  /**
   * Whether there is a mark, and all that is owed comes after it. So it is for almost everybody of
   * a crowd that comes from a server that is gone: one mark does for all of them.
   */
  synchronized boolean cover(Map<Shard, Long> owed) {
    var mark = written;
    return mark != null
        && owed.entrySet().stream()
            .allMatch(oldest -> mark.in(oldest.getKey()) < oldest.getValue());
  }

  /** How far single endpoints are that are behind the others; at the end. */
  void markBehind(Map<Endpoint, StreamPosition> behind) {
    var all = new HashMap<String, StreamPosition>();
    behind.forEach((endpoint, position) -> all.put(key(node, endpoint), position));
    mark(all);
  }

  private static String key(String server, Endpoint endpoint) {
    return String.join("/", server, endpoint.userId, endpoint.epid);
  }

  private void mark(Map<String, StreamPosition> positions) {
    var now = clock.millis();
    store.write(
        PARTITION,
        tx -> {
          positions.forEach((name, position) -> put(tx, name, position, now));
          return tx.run(
              "DELETE FROM realtime_mark WHERE resource_id = ? AND marked_on < ?",
              HOUSE.value(),
              now - KEPT.toMillis());
        });
  }

  private static void put(Tx tx, String name, StreamPosition position, long now) {
    tx.run(
        "INSERT INTO realtime_mark (resource_id, node, positions, marked_on)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT (resource_id, node) DO UPDATE SET"
            + " positions = excluded.positions, marked_on = excluded.marked_on",
        HOUSE.value(),
        name,
        position.text(),
        now);
  }

  /** How far the endpoint had got on a server, where it was behind the others. */
  Optional<StreamPosition> of(String server, Endpoint endpoint) {
    return of(key(server, endpoint));
  }

  /** How far a server had got. */
  Optional<StreamPosition> of(String other) {
    return store
        .read(rows ->
            rows.one(
                "SELECT positions FROM realtime_mark WHERE resource_id = ? AND node = ?",
                row -> row.text(1),
                HOUSE.value(),
                other))
        .flatMap(StreamPosition::parse);
  }
}
