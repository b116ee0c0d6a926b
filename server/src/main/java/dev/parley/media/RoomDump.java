package dev.parley.media;

import java.util.List;

/** A room as it is at one moment, for whoever looks for a fault. Holds no secret. */
public record RoomDump(int port, Speakers speakers, List<Sender> senders, List<Viewer> viewers) {
  /** Somebody who sends. */
  public record Sender(
      String stream, boolean connected, String path, int unknownPackets, List<Stream> tracks) {}

  /** A published track. */
  public record Stream(String mid, String kind, int viewers, List<Layer> layers) {}

  /** One source of a track. */
  public record Layer(
      String rid,
      String codec,
      boolean audible,
      long packets,
      long bytes,
      long bitsPerSecond,
      int lost,
      double jitterMilliseconds,
      long recovered,
      long duplicates,
      long malformed,
      long nacked,
      long keyFrames,
      long keyFramesRequested) {}

  /** Somebody who watches. */
  public record Viewer(
      String wants,
      boolean connected,
      String path,
      long estimatedBitsPerSecond,
      List<Shown> shown) {}

  /**
   * One outgoing stream.
   *
   * @param spatial the highest spatial layer that goes out
   * @param temporal the highest temporal layer that goes out
   */
  public record Shown(
      String mid,
      String kind,
      String stream,
      String rid,
      String wantedRid,
      int spatial,
      int temporal,
      long packets,
      long bytes,
      long bitsPerSecond,
      long switches,
      long nacked,
      long retransmitted,
      long keyFramesRequested,
      long unplaced,
      long freezes,
      double lossPercent,
      double roundTripMilliseconds) {}

  static RoomDump of(Room room) {
    return new RoomDump(
        room.worker.port(),
        room.voices.speakers(),
        room.publishers().stream().map(RoomDump::sender).toList(),
        room.subscribers().stream().map(RoomDump::viewer).toList());
  }

  private static Sender sender(Publisher publisher) {
    return new Sender(
        publisher.stream,
        publisher.isConnected(),
        path(publisher.peer()),
        publisher.unknown(),
        publisher.tracks.stream().map(RoomDump::track).toList());
  }

  private static Stream track(Track track) {
    return new Stream(
        track.section.mid(),
        kind(track.section.video()),
        track.forwarders().size(),
        track.receivers.stream().map(RoomDump::layer).toList());
  }

  private static Layer layer(Receiver receiver) {
    var statistics = receiver.statistics;
    return new Layer(
        receiver.rid,
        receiver.codec() == null ? "" : receiver.codec().encoding(),
        receiver.isAudible(),
        statistics.packets,
        statistics.bytes,
        statistics.bitsPerSecond,
        statistics.lost(),
        statistics.jitterMillis(),
        statistics.recovered,
        statistics.duplicates,
        statistics.malformed,
        statistics.nacked,
        statistics.keyFrames,
        statistics.keyFramesAsked);
  }

  private static Viewer viewer(Subscriber subscriber) {
    return new Viewer(
        subscriber.wish instanceof Subscriber.Wish.Any any ? any.stream() : "",
        subscriber.isReady(),
        path(subscriber.peer()),
        subscriber.estimate(),
        subscriber.forwarders.stream().map(RoomDump::shown).toList());
  }

  private static Shown shown(Forwarder forwarder) {
    var statistics = forwarder.statistics;
    var track = forwarder.track();
    var current = forwarder.current();
    var target = forwarder.target();
    return new Shown(
        forwarder.section.mid(),
        kind(forwarder.section.video()),
        track == null ? "" : track.publisher.stream,
        current == null ? "" : current.rid,
        target == null ? "" : target.rid,
        current == null ? 0 : Math.min(forwarder.layers().spatial(), current.layers.spatialTop()),
        current == null ? 0 : Math.min(forwarder.layers().temporal(), current.layers.temporalTop()),
        statistics.packets,
        statistics.bytes,
        statistics.bitsPerSecond,
        statistics.switches,
        statistics.nacked,
        statistics.retransmitted,
        statistics.pictureLosses,
        statistics.unplaced,
        statistics.freezes,
        statistics.fractionLost * 100 / 256.0,
        statistics.roundTripNanos / 1e6);
  }

  private static String kind(boolean video) {
    return video ? "video" : "audio";
  }

  private static String path(@org.jspecify.annotations.Nullable Peer peer) {
    var path = peer == null ? null : peer.path();
    return path == null ? "" : path.toString();
  }
}
