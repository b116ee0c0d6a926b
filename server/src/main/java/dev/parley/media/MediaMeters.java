package dev.parley.media;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The meters of the workers. What a single stream does is in {@link RoomDump}. */
final class MediaMeters {
  private MediaMeters() {}

  static void bind(MediaEngine engine, MeterRegistry registry) {
    for (var place : engine.places) {
      var worker = place.worker();
      packets(registry, worker, "received", counts -> counts.received);
      packets(registry, worker, "sent", counts -> counts.sent);
      packets(registry, worker, "stranger", counts -> counts.strangers);
      packets(registry, worker, "malformed", counts -> counts.malformed);
      packets(registry, worker, "bad-check", counts -> counts.badChecks);
      packets(registry, worker, "forged", counts -> counts.forged);
      packets(registry, worker, "replayed", counts -> counts.replayed);
      FunctionCounter.builder("parley.media.packets", worker, MediaWorker::refused)
          .tag("port", Integer.toString(worker.port()))
          .tag("what", "refused")
          .description("Packets of a media worker by what became of them.")
          .register(registry);
      Gauge.builder("parley.media.connections", worker.counts, counts -> counts.peers)
          .tag("port", Integer.toString(worker.port()))
          .description("Connections of a media worker.")
          .register(registry);
    }
    FunctionCounter.builder(
            "parley.media.handshakes.failed", engine.sessions.failed, Number::doubleValue)
        .description("DTLS handshakes that failed.")
        .register(registry);
    FunctionCounter.builder(
            "parley.media.handshakes.postponed", engine.sessions.postponed, Number::doubleValue)
        .description("DTLS hellos that found no free place.")
        .register(registry);
  }

  private static void packets(
      MeterRegistry registry,
      MediaWorker worker,
      String what,
      ToDoubleFunction<MediaWorker.Counts> count) {
    FunctionCounter.builder("parley.media.packets", worker.counts, count)
        .tag("port", Integer.toString(worker.port()))
        .tag("what", what)
        .description("Packets of a media worker by what became of them.")
        .register(registry);
  }
}
