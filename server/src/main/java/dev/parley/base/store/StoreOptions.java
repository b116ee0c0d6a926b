package dev.parley.base.store;

import dev.parley.base.kit.Settings;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Bounds of a store.
 *
 * @param batchUnitsMax units in one commit
 * @param waitingUnitsMax units that wait for a commit; one more is refused
 * @param readers connections that answer questions
 * @param readWait longest wait for one of them
 * @param everyUnitTwice tests: runs each unit, takes it back, and runs it again, so that an effect
 *     outside the transaction shows
 * @param clock what the journal's times go by
 */
public record StoreOptions(
    int batchUnitsMax,
    int waitingUnitsMax,
    int readers,
    Duration readWait,
    boolean everyUnitTwice,
    InstantSource clock) {
  /** The defaults. */
  public static final StoreOptions DEFAULT =
      new StoreOptions(512, 20_000, 3, Duration.ofSeconds(20), false, InstantSource.system());

  /** The defaults, with every unit run twice. */
  public static final StoreOptions TWICE =
      new StoreOptions(512, 20_000, 3, Duration.ofSeconds(20), true, InstantSource.system());

  /** Reads the settings. */
  public static StoreOptions of(Settings settings) {
    return new StoreOptions(
        settings.number(
            "store.batch-units-max", 512, 1, 10_000, "Units of work in one commit, at most."),
        settings.number(
            "store.waiting-units-max",
            20_000,
            1,
            1_000_000,
            "Units of work that may wait for a commit; one more gets 503."),
        settings.number("store.readers", 3, 1, 64, "Connections that answer questions."),
        settings.duration(
            "store.read-wait", Duration.ofSeconds(20), "Longest wait for such a connection."),
        false,
        InstantSource.system());
  }

  /** The same with another clock. */
  public StoreOptions with(InstantSource other) {
    return new StoreOptions(
        batchUnitsMax, waitingUnitsMax, readers, readWait, everyUnitTwice, other);
  }
}
