package dev.parley.feature.email.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * When the next attempt is: twice as late each time, with a fifth of chance so that retries do not
 * march in step.
 */
final class BackOff {
  private final DeliveryConfig config;
  private final SplittableRandom random = new SplittableRandom();

  BackOff(DeliveryConfig config) {
    this.config = config;
  }

  /** The time of the attempt after {@code attempts} failed ones. */
  synchronized Instant next(Instant now, int attempts) {
    var factor = 1L << Math.min(Math.max(attempts - 1, 0), 20);
    var wait = config.backOffMin().multipliedBy(factor);
    var bounded = wait.compareTo(config.backOffMax()) > 0 ? config.backOffMax() : wait;
    var chance = Math.max(1, bounded.toMillis() / 5);
    return now.plus(bounded).plus(Duration.ofMillis(random.nextLong(chance)));
  }
}
