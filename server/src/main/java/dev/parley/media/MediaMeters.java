package dev.parley.media;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** The meters of the workers, and of streams that have ended. */
final class MediaMeters {
  /** For how long a packet counts among the percentiles. */
  private static final Duration TRANSIT_SEEN = Duration.ofSeconds(30);

  private MediaMeters() {}

  /**
   * How long packets are here: from the kernel's receipt of a round's first one until all that the
   * round sends is handed back to it.
   */
  static Timer transit(MeterRegistry registry) {
    return Timer.builder("parley.media.transit")
        .description("From a packet's arrival at this machine to its leaving, a round's longest.")
        .publishPercentiles(0.5, 0.99, 0.999)
        .distributionStatisticExpiry(TRANSIT_SEEN)
        .register(registry);
  }

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

  /** Adds the streams of a connection that has ended, by direction and kind. */
  static void count(ConnectionRecord record, MeterRegistry registry) {
    for (var stream : record.streams()) {
      var tags =
          Tags.of(
              "direction",
              record.publishes() ? "in" : "out",
              "kind",
              stream.video() ? "video" : "audio");
      var all = stream.packets() + (record.publishes() ? stream.lost() : 0);
      summary(registry, tags, "loss", "percent", all == 0 ? 0 : 100.0 * stream.lost() / all);
      summary(registry, tags, "jitter", "milliseconds", stream.jitterMilliseconds());
      summary(registry, tags, "bitrate", "bits per second", (double) stream.bitsPerSecond());
      if (!record.publishes()) {
        summary(registry, tags, "round.trip", "milliseconds", stream.roundTripMilliseconds());
        summary(registry, tags, "frozen", "milliseconds", (double) stream.frozenMilliseconds());
      }
      counter(registry, tags, "freezes", stream.freezes());
      counter(registry, tags, "keyframes.requested", stream.keyFramesRequested());
      counter(registry, tags, "nacked", stream.nacked());
      counter(registry, tags, "switches", stream.layerSwitches());
    }
  }

  private static void summary(
      MeterRegistry registry, Tags tags, String what, String unit, double value) {
    DistributionSummary.builder("parley.media.stream." + what)
        .tags(tags)
        .baseUnit(unit)
        .description("Streams that have ended, each counted once.")
        .register(registry)
        .record(value);
  }

  private static void counter(MeterRegistry registry, Tags tags, String what, long count) {
    Counter.builder("parley.media.stream." + what)
        .tags(tags)
        .description("Of streams that have ended.")
        .register(registry)
        .increment((double) count);
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
