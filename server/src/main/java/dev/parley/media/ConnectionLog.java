package dev.parley.media;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells what became of connections that end: meters, and whoever listens. */
final class ConnectionLog {
  private final InstantSource clock;
  private final MeterRegistry registry;
  private volatile Consumer<ConnectionRecord> listener = _ -> {};

  ConnectionLog(InstantSource clock, MeterRegistry registry) {
    this.clock = clock;
    this.registry = registry;
  }

  void listenBy(Consumer<ConnectionRecord> newListener) {
    listener = newListener;
  }

  Instant now() {
    return clock.instant();
  }

  /** A connection ends; its streams still know what they did. On the worker's thread. */
  void ended(Peer.Streams streams, Instant began, @Nullable Path path, String reason) {
    var transport = path == null ? "" : path.tcp() == null ? "udp" : "tcp";
    var record = streams.record(began, clock.instant(), transport, reason);
    MediaMeters.count(record, registry);
    listener.accept(record);
  }
}
