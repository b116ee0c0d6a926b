package dev.parley.base.bus;

import dev.parley.base.event.Event;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands committed events to hearers, and signals to whoever is there.
 *
 * <p>Delivery is by position: each hearer keeps one position per shard, its queue is only a short
 * cut, and when the queue is full or rows came from another process it reads the journal from its
 * position. Nothing committed is missed.
 */
public interface Bus extends AutoCloseable {
  /**
   * Hears everything committed from now on, by this process and others; forgets its place at a
   * restart.
   */
  default void live(String name, Hearer hearer) {
    live(name, List.of(Event.class), hearer);
  }

  /**
   * The same for events of these kinds or families only: others cost it nothing, not even to be
   * woken.
   */
  void live(String name, List<Class<? extends Event>> events, Hearer hearer);

  /**
   * Hears everything committed since its last finished row, also across restarts; its positions are
   * rows of the store. With several processes one of them works at a time (a lease).
   *
   * @param events kinds or families; others cost it nothing, not even to be woken
   */
  void durable(String name, List<Class<? extends Event>> events, Hearer hearer);

  /** The same for every event. */
  default void durable(String name, Hearer hearer) {
    durable(name, List.of(Event.class), hearer);
  }

  /**
   * Waits until the named hearer has heard all that was committed before this call, for at most two
   * seconds; so that a list kept by a hearer shows what its reader has just written.
   *
   * @return whether it caught up in time
   */
  boolean caughtUp(String name);

  /** Tells everyone who listens now; drops it where a queue is full. */
  void signal(Signal signal);

  /** Hears signals on a virtual thread of its own, from a bounded queue. */
  void onSignal(String name, Consumer<Signal> hearer);

  /** How many signals found a queue full. */
  long signalsDropped();

  @Override
  void close();
}
