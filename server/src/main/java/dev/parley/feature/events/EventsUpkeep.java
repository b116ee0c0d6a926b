package dev.parley.feature.events;

import dev.parley.base.store.JournalUpkeep;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is older than its retention: journal rows that nobody needs, attempts, and dead
 * letters.
 */
final class EventsUpkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventsUpkeep.class);
  private static final Duration ROUND = Duration.ofMinutes(5);

  private final EventsConfig config;
  private final Store store;
  private final SubscriptionStore subscriptions;
  private final DeliveryStore rows;
  private final JournalUpkeep journal;
  private final Supplier<Map<Shard, Long>> needed;
  private final DeadLetters letters;
  private final ServiceClock serviceClock;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Thread thread;

  /**
   * An upkeep that does nothing yet.
   *
   * @param needed positions that subscriptions still need what is behind
   */
  EventsUpkeep(
      EventsConfig config,
      Store store,
      SubscriptionStore subscriptions,
      DeliveryStore rows,
      JournalUpkeep journal,
      Supplier<Map<Shard, Long>> needed,
      DeadLetters letters,
      ServiceClock serviceClock,
      InstantSource clock) {
    this.config = config;
    this.store = store;
    this.subscriptions = subscriptions;
    this.rows = rows;
    this.journal = journal;
    this.needed = needed;
    this.letters = letters;
    this.serviceClock = serviceClock;
    this.clock = clock;
  }

  void start() {
    thread = Thread.ofVirtual().name("events-upkeep").start(this::loop);
  }

  private void loop() {
    try {
      while (!closing.await(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          run();
        } catch (RuntimeException e) {
          log.warn("old events cannot be forgotten now", e);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round. Of several processes each may do it: there is only less to do for the others. */
  void run() {
    var before = clock.instant().minus(config.retention());
    forgetRows(before);
    forgetAttempts(before);
    forgetLetters();
  }

  private void forgetRows(Instant before) {
    var keep = needed.get();
    for (var shard : store.heads().keySet()) {
      var gone = journal.forget(shard, before, keep.getOrDefault(shard, Long.MAX_VALUE));
      if (gone > 0) {
        log.info("{} journal rows of shard {} were forgotten", gone, shard.number());
      }
    }
  }

  private void forgetAttempts(Instant before) {
    var old = TimeUnit.MILLISECONDS.toMicros(before.toEpochMilli());
    for (var subscription : store.read(all -> subscriptions.all(all))) {
      var key = subscription.key();
      var surplus = store.read(all -> rows.surplus(all, key, config.attemptsMax())).orElse(0L);
      store.write(
          key.partition(),
          tx -> {
            rows.forgetAttempts(tx, key, Math.max(old, surplus));
            return true;
          });
    }
  }

  /** Those of subscriptions that are gone too. */
  private void forgetLetters() {
    for (var next = letters.resourceAfter(store, "");
        next.isPresent();
        next = letters.resourceAfter(store, next.get().value())) {
      var resource = next.get();
      letters.deleteBefore(
          resource, serviceClock.now(resource).minus(config.deadLettersRetention()));
    }
  }

  @Override
  public void close() {
    closing.countDown();
    var running = thread;
    if (running != null) {
      try {
        running.join(Duration.ofSeconds(5));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
