package dev.parley.base.wire;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the edge counts: requests by operation and status, connections, and those it cut. */
final class HttpMetrics {
  private record Key(String operation, int status) {}

  private final MeterRegistry registry;
  private final Map<Key, Timer> requests = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger sockets = new AtomicInteger();
  private final Counter turnedAway;
  private final Counter slowReaders;
  private final Counter timedOut;

  HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("parley.http.connections", connections);
    registry.gauge("parley.websocket.sessions", sockets);
    turnedAway = registry.counter("parley.http.connections.turned.away");
    slowReaders = registry.counter("parley.websocket.slow.readers.cut");
    timedOut = registry.counter("parley.http.connections.timed.out");
  }

  /** One answered request. Operations and statuses are few, so the map is bounded. */
  void answered(String operation, int status, long nanos) {
    requests
        .computeIfAbsent(
            new Key(operation, status),
            key ->
                Timer.builder("parley.http.requests")
                    .tag("operation", key.operation())
                    .tag("status", Integer.toString(key.status()))
                    .register(registry))
        .record(Duration.ofNanos(nanos));
  }

  /** How many connections there are now, the new one included. */
  int opened() {
    return connections.incrementAndGet();
  }

  void closed() {
    connections.decrementAndGet();
  }

  void turnedAway() {
    turnedAway.increment();
  }

  void timedOut() {
    timedOut.increment();
  }

  void socketOpened() {
    sockets.incrementAndGet();
  }

  void socketClosed() {
    sockets.decrementAndGet();
  }

  void slowReaderCut() {
    slowReaders.increment();
  }
}
