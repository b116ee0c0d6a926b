package dev.parley.feature.access;

import dev.parley.base.arm.ArmActivity;
import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Store;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** Every change on the management plane, and every look at keys, newest first. */
public final class ActivityLog implements ArmActivity {
  private static final String HOUSE = ResourceId.HOUSE.value();
  private static final int BATCH = 200;
  private static final int LOOKED_AT_MAX = 20_000;
  private static final Duration SWEEP = Duration.ofHours(1);

  /**
   * An entry as it is kept.
   *
   * @param scope id of what it is about
   */
  record Kept(
      String id,
      Instant at,
      String scope,
      String action,
      String operation,
      String callerId,
      String callerName,
      boolean application,
      int status,
      String code,
      String requestId) {}

  private final AccessConfig config;
  private final Store store;
  private final InstantSource clock;
  private volatile Instant swept = Instant.EPOCH;

  public ActivityLog(AccessConfig config, Store store, InstantSource clock) {
    this.config = config;
    this.store = store;
    this.clock = clock;
  }

  private static PartitionKey partition(String subscription) {
    return new PartitionKey(ResourceId.HOUSE, "activity:" + subscription);
  }

  @Override
  public void record(Entry entry) {
    var now = clock.instant();
    var subscription = entry.scope().subscription();
    var kept =
        new Kept(
            UUID.randomUUID().toString(),
            now,
            entry.scope().toString(),
            entry.action(),
            entry.operation(),
            entry.caller().id(),
            entry.caller().badge().name(),
            entry.caller().badge().application(),
            entry.status(),
            entry.code(),
            entry.requestId());
    var sweep = swept.plus(SWEEP).isBefore(now);
    store.write(
        partition(subscription),
        tx -> {
          tx.add(
              "INSERT INTO access_activity (resource_id, subscription_id, at_ms, entry_id, detail) VALUES (?, ?, ?, ?, ?)",
              HOUSE,
              subscription,
              now.toEpochMilli(),
              kept.id(),
              Json.text(kept));
          if (sweep) {
            tx.run(
                "DELETE FROM access_activity WHERE resource_id = ? AND subscription_id = ? AND at_ms < ?",
                HOUSE,
                subscription,
                now.minus(config.activityRetention()).toEpochMilli());
          }
          return true;
        });
    if (sweep) {
      swept = now;
    }
  }

  /** Where a page begins: after this entry. */
  record Position(long at, String id) {
    static final Position NEWEST = new Position(Long.MAX_VALUE, "");

    String text() {
      return at + ":" + id;
    }

    static Position of(String text) {
      var colon = text.indexOf(':');
      return new Position(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
    }
  }

  /** Some entries, and where the next ones are; null at the end. */
  record Found(List<Kept> entries, @org.jspecify.annotations.Nullable Position next) {}

  /** Entries of a time that fit, newest first; looks at so many at most, then says where it is. */
  Found find(
      String subscription,
      Instant from,
      Instant to,
      Position after,
      int limit,
      Predicate<Kept> fits) {
    var found = new ArrayList<Kept>();
    var position = after.at() > to.toEpochMilli() ? new Position(to.toEpochMilli() + 1, "") : after;
    for (var looked = 0; looked < LOOKED_AT_MAX; looked += BATCH) {
      var start = position;
      var batch =
          store.read(rows ->
              rows.all(
                  "SELECT detail FROM access_activity WHERE resource_id = ? AND subscription_id = ? AND at_ms >= ? AND at_ms <= ? AND (at_ms < ? OR entry_id < ?) ORDER BY at_ms DESC, entry_id DESC LIMIT ?",
                  row -> Json.read(row.text(1), Kept.class),
                  HOUSE,
                  subscription,
                  from.toEpochMilli(),
                  start.at(),
                  start.at(),
                  start.id(),
                  (long) BATCH));
      for (var entry : batch) {
        position = new Position(entry.at().toEpochMilli(), entry.id());
        if (fits.test(entry)) {
          found.add(entry);
          if (found.size() == limit) {
            return new Found(found, position);
          }
        }
      }
      if (batch.size() < BATCH) {
        return new Found(found, null);
      }
    }
    return new Found(found, position);
  }
}
