package dev.parley.feature.identity;

import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Both clocks of the house, moved by hand. */
final class TestClock implements InstantSource, ServiceClock {
  private volatile Instant now = Instant.parse("2026-11-24T10:00:00.250Z");

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public Instant now(ResourceId resource) {
    return now;
  }

  void move(Duration span) {
    now = now.plus(span);
  }
}
