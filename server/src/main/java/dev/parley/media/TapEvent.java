package dev.parley.media;

import dev.parley.protocol.rtp.Codec;

/** What a {@link Tap} hears. */
public sealed interface TapEvent {
  /** The publisher's name. */
  String stream();

  /** Which of the publisher's tracks; a name that is its own in the stream. */
  String track();

  /**
   * An encoded frame, whole and in order.
   *
   * @param bytes audio, VP8 and VP9 as they are; H.264 with start codes (annex B); AV1 as units
   *     with sizes and without temporal delimiters
   * @param keyFrame whether a decoder can begin here; true for audio
   * @param afterGap whether something of the track before it is missing: lost on the way, or
   *     dropped since the tap was not emptied in time. Video goes on with a key frame then
   * @param timestamp in units of the codec's clock rate, without wraps and without jumps when the
   *     layer or the sender's connection changes
   * @param arrivedNanos when its last packet came, by {@link System#nanoTime}
   * @param capturedMillis when it was made by the sender's clock, in milliseconds since 1970, which
   *     is the same clock for all of a sender's tracks; 0 before its first report
   */
  record Frame(
      String stream,
      String track,
      Codec codec,
      byte[] bytes,
      boolean keyFrame,
      boolean afterGap,
      long timestamp,
      long arrivedNanos,
      long capturedMillis)
      implements TapEvent {}

  /** The track has ended. */
  record Ended(String stream, String track) implements TapEvent {}
}
