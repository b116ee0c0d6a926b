package dev.parley.feature.sms;

import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;
import java.time.Duration;
import java.time.Instant;

/**
 * What has to be done later for a sender: messages whose time is over are reported as failed, texts
 * and history go. One due job a minute and one a day for a sender that sends, not one a message.
 */
final class Upkeep {
  static final String TIMEOUT = "sms.timeout";
  static final String RETENTION = "sms.retention";
  private static final int AT_ONCE = 500;

  private final SmsConfig config;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final Endings endings;
  private final SmsStore rows = new SmsStore();
  private final RetentionStore old = new RetentionStore();

  Upkeep(SmsConfig config, DueJobs dueJobs, ServiceClock clock) {
    this.config = config;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.endings = new Endings(clock);
  }

  void start() {
    dueJobs.handle(TIMEOUT, (tx, partition, _) -> timeOut(tx, key(partition)));
    dueJobs.handle(RETENTION, (tx, partition, _) -> retain(tx, key(partition)));
  }

  /** Within the unit that accepts messages with this deadline. */
  static void schedule(DueJobs dueJobs, Tx tx, SenderKey key, Instant now, Instant deadline) {
    var minute = Math.floorDiv(deadline.toEpochMilli() - 1, 60_000) + 1;
    dueJobs.schedule(
        tx,
        key.partition(),
        TIMEOUT,
        Long.toString(minute),
        Instant.ofEpochMilli(minute * 60_000),
        "");
    scheduleRetention(dueJobs, tx, key, now);
  }

  static void scheduleRetention(DueJobs dueJobs, Tx tx, SenderKey key, Instant now) {
    scheduleDaily(dueJobs, tx, key.partition(), RETENTION, now);
  }

  /** One look a day; the name is the same all day, so it is one row. */
  static void scheduleDaily(
      DueJobs dueJobs, Tx tx, PartitionKey partition, String kind, Instant now) {
    var tomorrow = Math.floorDiv(now.toEpochMilli(), Duration.ofDays(1).toMillis()) + 1;
    dueJobs.schedule(
        tx,
        partition,
        kind,
        Long.toString(tomorrow),
        Instant.ofEpochMilli(tomorrow * Duration.ofDays(1).toMillis()),
        "");
  }

  private void timeOut(Tx tx, SenderKey key) {
    var now = clock.now(key.resource());
    var overdue = rows.overdue(tx, key, now, AT_ONCE);
    for (var message : overdue) {
      endings.end(tx, key, message, DeliveryCode.TIMED_OUT, 0, message.segments());
    }
    if (overdue.size() == AT_ONCE) {
      dueJobs.schedule(tx, key.partition(), TIMEOUT, "more", now, "");
    }
  }

  private void retain(Tx tx, SenderKey key) {
    var now = clock.now(key.resource());
    var bodies = config.bodyRetention();
    var more = false;
    if (!bodies.isZero()) {
      more |= old.eraseBodies(tx, key, now.minus(bodies), AT_ONCE);
    }
    var history = config.historyRetention();
    more |= old.forget(tx, key, now.minus(history), AT_ONCE);
    if (more) {
      dueJobs.schedule(tx, key.partition(), RETENTION, "more", now, "");
    } else if (old.any(tx, key)) {
      scheduleRetention(dueJobs, tx, key, now);
    }
  }

  private static SenderKey key(PartitionKey partition) {
    return new SenderKey(partition.resource(), partition.value().substring("sms:".length()));
  }
}
