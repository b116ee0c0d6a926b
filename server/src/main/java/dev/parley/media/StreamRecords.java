package dev.parley.media;

import dev.parley.media.ConnectionRecord.StreamRecord;
import java.util.List;
import java.util.stream.Stream;

/** Makes the records of streams out of their statistics; on the worker's thread. */
final class StreamRecords {
  private StreamRecords() {}

  static List<StreamRecord> of(Publisher publisher) {
    return publisher.tracks.stream()
        .flatMap(track -> track.receivers.stream())
        .map(StreamRecords::incoming)
        .toList();
  }

  static List<StreamRecord> of(Subscriber subscriber) {
    var now =
        subscriber.forwarders.stream()
            .filter(forwarder -> forwarder.statistics.packets > 0)
            .map(StreamRecords::of);
    return Stream.concat(subscriber.replaced.stream(), now).toList();
  }

  private static StreamRecord incoming(Receiver receiver) {
    var statistics = receiver.statistics;
    return new StreamRecord(
        receiver.track.section.mid(),
        receiver.track.publisher.stream,
        receiver.track.section.video(),
        receiver.rid,
        receiver.codec() == null ? "" : receiver.codec().encoding(),
        statistics.packets,
        statistics.bytes,
        statistics.lost(),
        statistics.jitterMillis(),
        0,
        statistics.recovered,
        statistics.nacked,
        0,
        statistics.keyFrames,
        statistics.keyFramesAsked,
        0,
        0,
        0,
        statistics.bitsPerSecondOnAverage());
  }

  static StreamRecord of(Forwarder forwarder) {
    var statistics = forwarder.statistics;
    var codec = forwarder.codec();
    return new StreamRecord(
        forwarder.section.mid(),
        forwarder.shownStream(),
        forwarder.section.video(),
        forwarder.shownLayer(),
        codec == null ? "" : codec.encoding(),
        statistics.packets,
        statistics.bytes,
        Math.max(0, statistics.packetsLost),
        codec == null ? 0 : statistics.jitter * 1_000.0 / codec.clockRate(),
        statistics.roundTripNanos / 1e6,
        0,
        statistics.nacked,
        statistics.retransmitted,
        0,
        statistics.pictureLosses,
        statistics.switches,
        statistics.freezes,
        statistics.frozenNanos / 1_000_000,
        statistics.bitsPerSecondOnAverage());
  }
}
