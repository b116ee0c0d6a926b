package dev.parley.base.bus;

import dev.parley.base.event.Event;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus inside one process. What other processes commit to the same store is found by looking at
 * the journal's heads a few times a second; signals stay in this process.
 */
public final class LocalBus implements Bus {
  private static final Logger log = LoggerFactory.getLogger(LocalBus.class);
  private static final Duration CAUGHT_UP_WAIT = Duration.ofSeconds(2);
  private static final Duration LOOKS_APART = Duration.ofMillis(3);
  private static final int SIGNALS_QUEUED = 1_000;

  private final Store store;
  private final BusConfig config;
  private final InstantSource clock;
  private final String node = UUID.randomUUID().toString();
  private final Map<String, Hearing> hearings = new ConcurrentHashMap<>();
  private final List<Signalling> signallings = new CopyOnWriteArrayList<>();
  private final AtomicLong signalsDropped = new AtomicLong();
  private final Nudge look = new Nudge();
  private final Consumer<List<JournalRow>> alsoCommitted;
  private volatile boolean closing;

  /** A bus over a store; the only listener to its commits. */
  public LocalBus(Store store, BusConfig config, InstantSource clock) {
    this(store, config, clock, _ -> {});
  }

  /**
   * The same, part of a larger one.
   *
   * @param committed is told what this process commits, on the thread that commits
   */
  LocalBus(
      Store store, BusConfig config, InstantSource clock, Consumer<List<JournalRow>> committed) {
    this.store = store;
    this.config = config;
    this.clock = clock;
    this.alsoCommitted = committed;
    store.onCommit(this::committed);
    Thread.ofVirtual().name("bus-poll").start(this::poll);
  }

  @Override
  public void live(String name, List<Class<? extends Event>> events, Hearer hearer) {
    var hearing = new Hearing(name, events, hearer, store, null, config);
    add(name, hearing);
    hearing.start(store.heads());
  }

  @Override
  public void durable(String name, List<Class<? extends Event>> events, Hearer hearer) {
    var positions = new HearerPositions(store, clock, name, node, config.lease());
    var hearing = new Hearing(name, events, hearer, store, positions, config);
    add(name, hearing);
    hearing.start(Map.of());
  }

  private void add(String name, Hearing hearing) {
    if (hearings.putIfAbsent(name, hearing) != null) {
      throw new IllegalArgumentException("Two hearers are named " + name + ".");
    }
  }

  @Override
  public boolean caughtUp(String name) {
    var hearing = hearings.get(name);
    if (hearing == null) {
      throw new IllegalArgumentException("No hearer is named " + name + ".");
    }
    return hearing.reached(store.heads(), CAUGHT_UP_WAIT);
  }

  @Override
  public void signal(Signal signal) {
    signallings.forEach(signalling -> signalling.offer(signal));
  }

  @Override
  public void onSignal(String name, Consumer<Signal> hearer) {
    signallings.add(new Signalling(name, hearer, SIGNALS_QUEUED, signalsDropped));
  }

  @Override
  public long signalsDropped() {
    return signalsDropped.get();
  }

  private void committed(List<JournalRow> rows) {
    for (var hearing : hearings.values()) {
      rows.forEach(hearing::offer);
    }
    alsoCommitted.accept(rows);
  }

  /** Another process has committed something: the journal's heads are looked at now. */
  void lookSoon() {
    look.give();
  }

  private void poll() {
    try {
      while (!closing) {
        look.await(config.poll());
        look();
        // However often it is hinted, the store is not asked more often than that.
        Thread.sleep(LOOKS_APART);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      Map<Shard, Long> heads = store.heads();
      hearings.values().forEach(hearing -> hearing.behind(heads));
    } catch (RuntimeException e) {
      log.warn("the journal cannot be looked at now", e);
    }
  }

  @Override
  public void close() {
    closing = true;
    look.give();
    hearings.values().forEach(Hearing::close);
    signallings.forEach(Signalling::close);
  }
}
