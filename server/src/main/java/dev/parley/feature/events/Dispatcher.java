package dev.parley.feature.events;

import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Hearer;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Lease;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.events.Subscription.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Courier} for every subscription that gets events, and offers them each row that is
 * committed, as events made once for all. Of several processes that share a store one works at a
 * time.
 */
final class Dispatcher implements Hearer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration ROUND = Duration.ofSeconds(1);

  /** Longest wait for open requests when the server stops; what they carry is sent again later. */
  private static final Duration STOP = Duration.ofSeconds(5);

  /** The same when a subscription changes. */
  private static final Duration CHANGE = Duration.ofSeconds(35);

  private final Store store;
  private final SubscriptionStore rows;
  private final Subscriptions subscriptions;
  private final Post post;
  private final Function<ResourceId, String> topics;
  private final Lease lease;
  private final Map<SubscriptionKey, Courier> couriers = new ConcurrentHashMap<>();
  private final Set<SubscriptionKey> postponed = ConcurrentHashMap.newKeySet();
  private final ReentrantLock changes = new ReentrantLock();
  private final Map<Shard, Long> heard = new ConcurrentHashMap<>();
  private final Map<Shard, Long> offered = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile boolean working;

  /**
   * A dispatcher that does nothing yet.
   *
   * @param post what couriers share; how far this dispatcher is, it adds itself
   * @param topics the id of each resource; empty text while it is not known
   */
  Dispatcher(
      Store store,
      SubscriptionStore rows,
      Subscriptions subscriptions,
      Post post,
      Function<ResourceId, String> topics,
      InstantSource clock) {
    this.store = store;
    this.rows = rows;
    this.subscriptions = subscriptions;
    this.post = post.with(() -> Map.copyOf(heard), () -> Map.copyOf(offered));
    this.topics = topics;
    this.lease = new Lease(store, clock, "events.delivery", UUID.randomUUID().toString(), SILENCE);
  }

  /** Begins to hear, and to work when no other process does. */
  void start(Bus bus) {
    bus.live("events", this);
    bus.onSignal("events", this::pass);
    // What was committed before this line couriers read from the journal.
    store.heads().forEach((shard, position) -> heard.merge(shard, position, Math::max));
    heard.forEach((shard, position) -> offered.merge(shard, position, Math::max));
    thread = Thread.ofVirtual().name("events").start(this::work);
  }

  @Override
  public void hear(JournalRow row) {
    heard.merge(row.shard(), row.position(), Math::max);
    try {
      if (row.event() instanceof SubscriptionEvent event) {
        changed(row.partition().resource(), event);
      } else {
        offer(row);
      }
    } finally {
      offered.merge(row.shard(), row.position(), Math::max);
    }
  }

  private void offer(JournalRow row) {
    @Nullable Mapped mapped = null;
    for (var courier : couriers.values()) {
      if (courier.subscription().key().resource().equals(row.partition().resource())) {
        if (mapped == null) {
          mapped = post.source().mapped(row);
        }
        courier.offer(mapped);
      }
    }
  }

  /** What is worth knowing only now goes out once, and is not kept. */
  private void pass(Signal signal) {
    var wanting =
        couriers.values().stream()
            .filter(courier -> courier.subscription().key().resource().equals(signal.resource()))
            .toList();
    if (!wanting.isEmpty()) {
      var event = post.source().event(signal);
      wanting.forEach(courier -> courier.pass(event));
    }
  }

  private void changed(ResourceId resource, SubscriptionEvent event) {
    var key = new SubscriptionKey(resource, event.name());
    switch (event) {
      case SubscriptionEvent.Changed _ -> Thread.ofVirtual().start(() -> settle(key));
      case SubscriptionEvent.Deleted _ -> Thread.ofVirtual().start(() -> settle(key));
      case SubscriptionEvent.Requested _ -> courier(key).ifPresent(Courier::refresh);
    }
  }

  /** The courier of a subscription, where this process works for it. */
  Optional<Courier> courier(SubscriptionKey key) {
    return Optional.ofNullable(couriers.get(key));
  }

  private void work() {
    try {
      do {
        round();
      } while (!closing.await(ROUND.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      var mine = lease.keep();
      if (mine && !working) {
        working = true;
        store.read(all -> rows.all(all)).forEach(subscription -> settle(subscription.key()));
      } else if (!mine && working) {
        log.warn("another process delivers events now");
        working = false;
        stopAll(CHANGE);
      }
      if (working) {
        List.copyOf(postponed).forEach(this::settle);
        expire();
      }
    } catch (RuntimeException e) {
      log.warn("events cannot be looked after now", e);
    }
  }

  /** Makes the couriers what the store says: one for each subscription that gets events. */
  private void settle(SubscriptionKey key) {
    changes.lock();
    try {
      var wanted = store.read(all -> rows.find(all, key)).filter(Dispatcher::delivers);
      var there = couriers.get(key);
      if (there != null && wanted.filter(there.subscription()::equals).isPresent()) {
        return;
      }
      if (there != null) {
        couriers.remove(key);
        if (!there.close(CHANGE)) {
          log.warn("open requests to {} did not end in time", key.name());
        }
      }
      postponed.remove(key);
      if (wanted.isPresent() && topics.apply(key.resource()).isEmpty()) {
        // Resources are loaded after the rooms have begun; events name their resource.
        postponed.add(key);
      } else if (wanted.isPresent() && working && closing.getCount() > 0) {
        var courier = new Courier(post, wanted.get());
        couriers.put(key, courier);
        courier.start();
      }
    } catch (RuntimeException e) {
      log.error("subscription {} cannot be looked after", key.name(), e);
    } finally {
      changes.unlock();
    }
  }

  private static boolean delivers(Subscription subscription) {
    return subscription.state() == State.SUCCEEDED;
  }

  /** Looks at once: the clock was moved. */
  void look() {
    couriers.values().forEach(Courier::look);
  }

  /** Subscriptions whose time is over end. */
  private void expire() {
    for (var courier : List.copyOf(couriers.values())) {
      var subscription = courier.subscription();
      var resource = subscription.key().resource();
      if (subscription.settings().expired(post.clock().now(resource))) {
        log.info("subscription {} has expired", subscription.key().name());
        subscriptions.delete(resource, subscription.key().name(), Origin.service("events"));
      }
    }
  }

  /** The lowest position of each shard that a subscription still needs. */
  Map<Shard, Long> needed() {
    var needed = new HashMap<Shard, Long>();
    for (var subscription : store.read(all -> rows.all(all))) {
      var key = subscription.key();
      store
          .read(all -> post.rows().positions(all, key))
          .forEach((shard, position) -> needed.merge(shard, position, Math::min));
      for (var retry : store.read(all -> post.rows().retries(all, key))) {
        EventIds.ref(retry.eventId())
            .ifPresent(ref -> needed.merge(ref.shard(), ref.position() - 1, Math::min));
      }
      for (var replay : store.read(all -> post.rows().replays(all, key))) {
        needed.merge(replay.shard(), replay.position(), Math::min);
      }
    }
    return needed;
  }

  private void stopAll(Duration wait) {
    var all = List.copyOf(couriers.values());
    couriers.clear();
    var end = System.nanoTime() + wait.toNanos();
    all.forEach(courier -> courier.close(Duration.ZERO));
    for (var courier : all) {
      courier.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }

  @Override
  public void close() {
    closing.countDown();
    var running = thread;
    if (running != null) {
      try {
        running.join(STOP);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    stopAll(STOP);
    if (working) {
      try {
        lease.release();
      } catch (RuntimeException e) {
        log.warn("another process has to wait before it delivers events", e);
      }
    }
  }
}
