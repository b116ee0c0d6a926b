package dev.parley.media;

import java.time.Instant;
import java.util.List;

/**
 * What became of one connection, made when it ends. Holds no address and no secret.
 *
 * @param stream who sent, or whom a viewer wanted; empty text for several
 * @param transport {@code udp}, {@code tcp}, or empty text when it never came
 * @param reason why it ended
 */
public record ConnectionRecord(
    String room,
    String stream,
    boolean publishes,
    Instant began,
    Instant ended,
    String transport,
    String reason,
    List<StreamRecord> streams) {
  public ConnectionRecord {
    streams = List.copyOf(streams);
  }

  /**
   * One source that came in, or one stream that went out.
   *
   * @param track the section's name
   * @param stream whose it is
   * @param layer the simulcast layer's name, of what went out the last one
   * @param codec the encoding's name, or empty text when nothing came
   * @param lost packets that never came; of what went out by the viewer's reports
   * @param roundTripMilliseconds 0 when it was not measured, as for what came in
   * @param recovered lost packets that came as retransmissions
   * @param nacked packets that were asked for again
   * @param retransmitted packets that were sent again
   * @param keyFrames that came in whole or in part; 0 for what went out
   * @param keyFramesRequested by us of a sender, or by a viewer of us
   * @param layerSwitches changes between sources and simulcast layers
   * @param freezes times without a new frame of three times the usual or 150 ms more, whichever is
   *     longer (W3C webrtc-stats, freezeCount), as sent
   * @param frozenMilliseconds what these took together
   * @param bitsPerSecond on average, from the first packet to the last
   */
  public record StreamRecord(
      String track,
      String stream,
      boolean video,
      String layer,
      String codec,
      long packets,
      long bytes,
      long lost,
      double jitterMilliseconds,
      double roundTripMilliseconds,
      long recovered,
      long nacked,
      long retransmitted,
      long keyFrames,
      long keyFramesRequested,
      long layerSwitches,
      long freezes,
      long frozenMilliseconds,
      long bitsPerSecond) {}
}
