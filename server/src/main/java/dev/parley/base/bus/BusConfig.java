package dev.parley.base.bus;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of the bus.
 *
 * @param queueRows rows that wait for one hearer in memory; beyond it reads the journal
 * @param poll how often the journal's heads are looked at, for what other processes committed
 * @param lease how long a process that works for a durable hearer is believed to be alive
 * @param nats what the servers of a house tell each other over
 */
public record BusConfig(int queueRows, Duration poll, Duration lease, NatsConfig nats) {
  /** The defaults. */
  public static final BusConfig DEFAULT =
      new BusConfig(10_000, Duration.ofMillis(250), Duration.ofSeconds(5), NatsConfig.NONE);

  /** Reads the settings. */
  public static BusConfig of(Settings settings) {
    return new BusConfig(
        settings.number(
            "bus.queue-rows",
            DEFAULT.queueRows(),
            1,
            1_000_000,
            "Events that wait in memory for one hearer; beyond it reads the journal."),
        settings.duration(
            "bus.poll", DEFAULT.poll(), "How often events of other processes are looked for."),
        settings.duration(
            "bus.lease",
            DEFAULT.lease(),
            "How long a silent process keeps the work that only one process does at a time."),
        NatsConfig.of(settings));
  }
}
