package dev.parley.feature.events;

import java.time.Duration;
import java.util.List;

/** When a failed delivery is tried again ({@code behaviour.md} section 14 of the contracts). */
final class Backoff {
  private static final List<Duration> SCHEDULE =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1));

  /** An endpoint that only fails is looked at this often all the same. */
  private static final Duration PROBE_MAX = Duration.ofMinutes(5);

  private Backoff() {}

  /**
   * The pause before the next attempt.
   *
   * @param attempts so far, at least one
   * @param status of the last answer; 0 when there was none
   */
  static Duration after(int attempts, int status) {
    var pause = step(attempts);
    var least = least(status);
    return pause.compareTo(least) < 0 ? least : pause;
  }

  /** The pause before an endpoint that failed so many times in a row gets another new event. */
  static Duration probe(int failures) {
    var pause = step(failures);
    return pause.compareTo(PROBE_MAX) > 0 ? PROBE_MAX : pause;
  }

  private static Duration step(int attempts) {
    return SCHEDULE.get(Math.min(Math.max(attempts, 1), SCHEDULE.size()) - 1);
  }

  private static Duration least(int status) {
    return switch (status) {
      case 401, 403, 404 -> Duration.ofMinutes(5);
      case 408 -> Duration.ofMinutes(2);
      case 503 -> Duration.ofSeconds(30);
      default -> Duration.ofSeconds(10);
    };
  }
}
