package dev.parley.base.bus;

import dev.parley.base.event.Event;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The bus of several servers on one store. Events come from the journal as they do without NATS; a
 * hint over NATS only says that there are some, so that nobody waits for the next look. Signals
 * reach every server that is there. While NATS is away events come a little later, and signals stay
 * where they are.
 */
public final class NatsBus implements Bus {
  /** Commits that come close after each other share a hint. */
  private static final Duration HINT_PAUSE = Duration.ofMillis(2);

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final byte[] NOTHING = {};

  private final LocalBus local;
  private final NatsLink link;
  private final String hints;
  private final String signals;
  private final Nudge committed = new Nudge();
  private final AtomicLong commits = new AtomicLong();
  private final Thread hinting;

  /** A bus over a store; the only listener to its commits. Does not wait for NATS. */
  public NatsBus(Store store, BusConfig config, InstantSource clock) {
    hints = config.nats().subject() + ".committed";
    signals = config.nats().subject() + ".signals";
    local = new LocalBus(store, config, clock, this::committed);
    link = new NatsLink(config.nats(), List.of(hints, signals), this::heard, local::lookSoon);
    hinting = Thread.ofVirtual().name("bus-hints").start(this::hint);
  }

  @Override
  public void live(String name, List<Class<? extends Event>> events, Hearer hearer) {
    local.live(name, events, hearer);
  }

  @Override
  public void durable(String name, List<Class<? extends Event>> events, Hearer hearer) {
    local.durable(name, events, hearer);
  }

  @Override
  public boolean caughtUp(String name) {
    return local.caughtUp(name);
  }

  @Override
  public void signal(Signal signal) {
    local.signal(signal);
    link.publish(signals, SignalText.write(signal));
  }

  @Override
  public void onSignal(String name, Consumer<Signal> hearer) {
    local.onSignal(name, hearer);
  }

  @Override
  public long signalsDropped() {
    return local.signalsDropped();
  }

  /** Whether NATS can be reached now. */
  boolean isConnected() {
    return link.isConnected();
  }

  /** On the thread that commits, so it hands over and returns. */
  private void committed(List<JournalRow> rows) {
    if (!rows.isEmpty()) {
      commits.incrementAndGet();
      committed.give();
    }
  }

  private void hint() {
    var told = 0L;
    try {
      while (true) {
        committed.await(IDLE);
        var now = commits.get();
        if (now != told) {
          link.publish(hints, NOTHING);
          told = now;
          Thread.sleep(HINT_PAUSE);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(String subject, byte[] message) {
    if (subject.equals(hints)) {
      local.lookSoon();
    } else {
      SignalText.read(message).ifPresent(local::signal);
    }
  }

  @Override
  public void close() {
    hinting.interrupt();
    link.close();
    local.close();
  }
}
