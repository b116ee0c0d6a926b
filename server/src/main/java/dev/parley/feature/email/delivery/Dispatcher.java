package dev.parley.feature.email.delivery;

import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.email.DeliveryOutcome;
import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.OutboxItem;
import dev.parley.feature.email.RecipientState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the queue: one thread looks what is due and fills the lanes, and each attempt runs on a
 * virtual thread of its own, within the bounds of its lane and of all. A lane holds little in
 * memory; the queue itself is in the store.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Lanes in memory; with more destinations the rest waits until some are empty. */
  private static final int LANES_MAX = 20_000;

  private final DeliveryConfig config;
  private final Outbox outbox;
  private final LastHop hop;
  private final ServiceClock clock;
  private final BackOff backOff;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicInteger onTheWay = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private @Nullable Thread thread;

  public Dispatcher(DeliveryConfig config, Outbox outbox, LastHop hop, ServiceClock clock) {
    this.config = config;
    this.outbox = outbox;
    this.hop = hop;
    this.clock = clock;
    this.backOff = new BackOff(config);
  }

  /** Begins to deliver. */
  public void start() {
    outbox.onWork(this::awaken);
    thread = Thread.ofVirtual().name("email-dispatcher").start(this::loop);
  }

  private void awaken() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private void loop() {
    while (!closing.get()) {
      try {
        wake.drainPermits();
        var started = look();
        if (started == 0) {
          wake.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        log.warn("the queue cannot be looked at now", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      closing.set(true);
    }
  }

  /** Fills the lanes from the store and sends off what may go. */
  private int look() {
    var started = 0;
    for (var resource : outbox.resources()) {
      for (var destination : outbox.destinations(resource)) {
        var lane = lane(resource, hop.lane(destination));
        if (lane != null) {
          fill(resource, destination, lane);
          started += sendOff(lane, clock.now(resource));
        }
      }
    }
    lanes.values().removeIf(lane -> lane.isIdle(Instant.now()));
    return started;
  }

  private @Nullable Lane lane(ResourceId resource, String name) {
    var known = lanes.get(name);
    if (known != null || lanes.size() >= LANES_MAX) {
      return known == null || known.isClosed(clock.now(resource)) ? null : known;
    }
    var fresh = new Lane();
    lanes.put(name, fresh);
    return fresh;
  }

  private void fill(ResourceId resource, String destination, Lane lane) {
    var wanted = 4 * config.attemptsPerLane();
    // Half empty at least, so that the store is asked for many at once.
    if (lane.held() - lane.onTheWay() > wanted / 2) {
      return;
    }
    for (var due : outbox.due(resource, destination, wanted + lane.held())) {
      lane.add(due);
    }
  }

  private int sendOff(Lane lane, Instant now) {
    var started = 0;
    while (onTheWay.get() < config.attemptsAtOnce()) {
      var due = lane.next(config, now);
      if (due == null) {
        break;
      }
      onTheWay.incrementAndGet();
      Thread.ofVirtual().name("email-attempt").start(() -> attempt(lane, due));
      started++;
    }
    return started;
  }

  /**
   * Takes one after the other as long as the lane has some, so that the store is looked at seldom.
   */
  private void attempt(Lane lane, Outbox.Due first) {
    try {
      var due = first;
      while (due != null && !closing.get()) {
        try {
          deliver(lane, due);
        } finally {
          lane.done(due);
        }
        due = lane.next(config, clock.now(first.key().resource()));
      }
    } catch (RuntimeException e) {
      log.error("an attempt for {} failed; it is due again later", first.key(), e);
    } finally {
      onTheWay.decrementAndGet();
      awaken();
    }
  }

  private void deliver(Lane lane, Outbox.Due due) {
    var span = config.attemptTime().plusSeconds(30);
    var claimed = outbox.claim(due, span);
    if (claimed.isEmpty()) {
      return;
    }
    var item = claimed.get();
    var attempt = hop.deliver(item);
    var now = clock.now(item.key().resource());
    switch (attempt) {
      case Attempt.Ended ended -> {
        lane.up();
        outbox.finish(item, new DeliveryOutcome.Ended(ended.state(), ended.host(), ended.reply()));
        hop.ended(item);
      }
      case Attempt.NotNow later -> {
        if (later.laneDown()) {
          lane.down(backOff, now);
        } else {
          lane.up();
        }
        outbox.finish(item, postponed(item, later, now));
      }
    }
  }

  private DeliveryOutcome postponed(OutboxItem item, Attempt.NotNow later, Instant now) {
    var again = backOff.next(now, item.attempts() + 1);
    if (again.isAfter(item.accepted().plus(config.expiry()))) {
      return new DeliveryOutcome.Ended(RecipientState.FAILED, later.host(), later.reply());
    }
    return new DeliveryOutcome.Later(again, later.host(), later.reply());
  }

  @Override
  public void close() {
    closing.set(true);
    wake.release();
    var running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(10));
        // What is on its way gets a moment to say how it ended; else its claim runs out.
        for (var waited = 0; onTheWay.get() > 0 && waited < 100; waited++) {
          Thread.sleep(50);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
