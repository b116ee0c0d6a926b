package dev.parley.feature.email.delivery;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of delivery.
 *
 * @param attemptsAtOnce over all destinations
 * @param attemptsPerLane at once for one destination
 * @param perMinute messages to one destination in a minute, at most; 0 for any number
 * @param attemptTime longest attempt
 * @param backOffMin wait after the first failed attempt
 * @param backOffMax longest wait between two attempts
 * @param expiry when a message that cannot be delivered is given up
 */
public record DeliveryConfig(
    int attemptsAtOnce,
    int attemptsPerLane,
    int perMinute,
    Duration attemptTime,
    Duration backOffMin,
    Duration backOffMax,
    Duration expiry) {
  /** Reads the settings; {@code developer} chooses the defaults. */
  public static DeliveryConfig of(Settings settings, boolean developer) {
    return new DeliveryConfig(
        settings.number(
            "email.attempts-at-once", 200, 1, 10_000, "Emails on their way out at the same time."),
        settings.number(
            "email.attempts-per-destination",
            20,
            1,
            1000,
            "Emails on their way to one destination, or to the smarthost, at the same time."),
        settings.number(
            "email.per-minute-and-destination",
            0,
            0,
            1_000_000,
            "Emails to one destination in a minute, at most; 0 for any number."),
        settings.duration(
            "email.attempt-time", Duration.ofMinutes(5), "Longest attempt to deliver an email."),
        settings.duration(
            "email.back-off-min",
            developer ? Duration.ofSeconds(1) : Duration.ofMinutes(1),
            "Wait after a first failed attempt to deliver; each further one waits twice as long."),
        settings.duration(
            "email.back-off-max",
            Duration.ofHours(4),
            "Longest wait between two attempts to deliver an email."),
        settings.duration(
            "email.expiry",
            Duration.ofDays(3),
            "When an email that cannot be delivered is given up."));
  }
}
