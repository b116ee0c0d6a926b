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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the queue: one thread looks what is due and fills the lanes, first where something was
 * accepted or ended, and in rounds everywhere; and each attempt runs on a virtual thread of its
 * own, within the bounds of its lane and of all. A lane holds little in memory; the queue itself is
 * in the store.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration HELD = Duration.ofMillis(50);

  /** Lanes in memory; with more destinations the rest waits until some are empty. */
  private static final int LANES_MAX = 20_000;

  /** Places where something was accepted or ended; with more of them the round finds the rest. */
  private static final int NOTED_MAX = 1000;

  /** Places between two looks at what was noted. */
  private static final int STEPS = 100;

  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"]{1,256}@[^\\s<>\"]{1,256}");

  private final DeliveryConfig config;
  private final Outbox outbox;
  private final LastHop hop;
  private final ServiceClock clock;
  private final BackOff backOff;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Set<Outbox.Place> noted = ConcurrentHashMap.newKeySet();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicInteger onTheWay = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private Outbox.Place reached = Outbox.Place.FIRST;
  private long roundBegan;
  private long roundDue;
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
    outbox.onWork(this::note);
    roundDue = System.nanoTime();
    thread = Thread.ofVirtual().name("email-dispatcher").start(this::loop);
  }

  private void note(Outbox.Place place) {
    if (noted.size() < NOTED_MAX) {
      noted.add(place);
    }
    awaken();
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
        lookAtNoted();
        var wait = roundDue - System.nanoTime();
        if (wait <= 0) {
          wait = goOnWithRound();
        }
        wake.tryAcquire(wait, TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        if (closing.get()) {
          // It was interrupted in the middle of a look.
          return;
        }
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

  private void lookAtNoted() {
    for (var place : List.copyOf(noted)) {
      noted.remove(place);
      look(place);
    }
  }

  /**
   * Looks at the next places of the queue, all of which are seen in turn; how long to wait then,
   * nanoseconds. A round that takes long is made seldom.
   */
  private long goOnWithRound() {
    if (reached.equals(Outbox.Place.FIRST)) {
      roundBegan = System.nanoTime();
    }
    for (var step = 0; step < STEPS; step++) {
      var next = outbox.placeAfter(reached);
      if (next.isEmpty()) {
        reached = Outbox.Place.FIRST;
        lanes.values().removeIf(lane -> lane.isIdle(Instant.now()));
        var took = System.nanoTime() - roundBegan;
        roundDue = System.nanoTime() + Math.max(PAUSE.toNanos(), 5 * took);
        return roundDue - System.nanoTime();
      }
      if (!look(next.get()) && hop.hasOneLane()) {
        // It is full, or closed; what waits elsewhere has its turn when there is room.
        roundDue = System.nanoTime() + HELD.toNanos();
        return HELD.toNanos();
      }
      reached = next.get();
    }
    return 0;
  }

  /** Fills the place's lane and sends off what may go; false when the lane takes nothing now. */
  private boolean look(Outbox.Place place) {
    var lane = lane(place.resource(), hop.lane(place.destination()));
    if (lane == null) {
      return false;
    }
    var filled = fill(place, lane);
    sendOff(lane, clock.now(place.resource()));
    return filled;
  }

  private @Nullable Lane lane(ResourceId resource, String name) {
    var known = lanes.get(name);
    if (known != null || lanes.size() >= LANES_MAX) {
      return known == null || known.isClosed(clock.now(resource)) ? null : known;
    }
    var fresh = new Lane(config.attemptsPerLane());
    lanes.put(name, fresh);
    return fresh;
  }

  private boolean fill(Outbox.Place place, Lane lane) {
    if (!lane.isLow()) {
      return false;
    }
    for (var due : outbox.due(place, lane.room() + lane.held())) {
      lane.add(due);
    }
    return true;
  }

  private void sendOff(Lane lane, Instant now) {
    while (onTheWay.get() < config.attemptsAtOnce()) {
      var due = lane.next(config, now);
      if (due == null) {
        break;
      }
      onTheWay.incrementAndGet();
      Thread.ofVirtual().name("email-attempt").start(() -> attempt(lane, due));
    }
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
        if (lane.isLow()) {
          // Before it is empty, so that nobody has to wait for the store.
          note(due.place());
        }
        due = lane.next(config, clock.now(first.key().resource()));
      }
    } catch (RuntimeException e) {
      log.error("an attempt for {} failed; it is due again later", first.key(), e);
    } finally {
      onTheWay.decrementAndGet();
      note(first.place());
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
    tell(item, attempt);
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

  /** Failed attempts with the remote's words, but for the addresses in them. */
  private static void tell(OutboxItem item, Attempt attempt) {
    var became =
        switch (attempt) {
          case Attempt.Ended ended ->
              ended.state() == RecipientState.DELIVERED ? "" : ended.state().word();
          case Attempt.NotNow _ -> "not now";
        };
    if (!became.isEmpty()) {
      log.info(
          "email {} for {}, attempt {} at {}: {}: {}",
          item.key().id(),
          item.destination(),
          item.attempts() + 1,
          attempt.host().isEmpty() ? "no server" : attempt.host(),
          became,
          ADDRESS.matcher(attempt.reply()).replaceAll("<address>").replaceAll("\\p{Cntrl}+", " "));
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
