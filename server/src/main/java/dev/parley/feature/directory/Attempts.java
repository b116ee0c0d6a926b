package dev.parley.feature.directory;

import dev.parley.base.kit.LruCache;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Counts wrong passwords and secrets, so that guessing is slow. In memory: a restart forgives, and
 * each process counts for itself.
 */
final class Attempts {
  private static final int PRINCIPALS_MAX = 10_000;

  private record Failures(int count, Instant last) {}

  private final DirectoryConfig config;
  private final InstantSource clock;
  private final LruCache<String, Failures> failures = new LruCache<>(PRINCIPALS_MAX);

  Attempts(DirectoryConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** Whether there were too many just now. */
  boolean tooMany(String name) {
    return failures
        .find(name)
        .filter(known -> known.count() >= config.failuresMax())
        .filter(known -> known.last().plus(config.failurePause()).isAfter(clock.instant()))
        .isPresent();
  }

  void failed(String name) {
    var count = failures.find(name).map(Failures::count).orElse(0);
    // After the pause one more failure closes again at once.
    failures.put(name, new Failures(count + 1, clock.instant()));
  }

  void succeeded(String name) {
    failures.forget(name);
  }
}
