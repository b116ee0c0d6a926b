package dev.parley.feature.realtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What real time counts: events by what clients answered, and those that were lost. */
final class RealtimeMetrics implements Endpoint.Receipts {
  private final Counter handled;
  private final Counter unknown;
  private final Counter unready;
  private final Counter other;
  private final Counter lost;

  RealtimeMetrics(MeterRegistry registry) {
    handled = receipt(registry, "handled");
    unknown = receipt(registry, "unknown");
    unready = receipt(registry, "unready");
    other = receipt(registry, "other");
    lost = registry.counter("parley.realtime.events.lost");
  }

  private static Counter receipt(MeterRegistry registry, String answer) {
    return registry.counter("parley.realtime.events.received", "answer", answer);
  }

  void watch(MeterRegistry registry, Endpoints endpoints) {
    registry.gauge("parley.realtime.endpoints", endpoints, Endpoints::count);
  }

  @Override
  public void received(int status) {
    switch (status) {
      case 200 -> handled.increment();
      case 404 -> unknown.increment();
      case 504 -> unready.increment();
      default -> other.increment();
    }
  }

  @Override
  public void lost(int events) {
    lost.increment(events);
  }
}
