package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Service time that stands still until it is moved, for each resource on its own. */
public final class MovableClock implements ServiceClock {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final Map<ResourceId, Duration> moved = new ConcurrentHashMap<>();

  @Override
  public Instant now(ResourceId resource) {
    return START.plus(moved.getOrDefault(resource, Duration.ZERO));
  }

  public void move(ResourceId resource, Duration span) {
    moved.merge(resource, span, Duration::plus);
  }
}
