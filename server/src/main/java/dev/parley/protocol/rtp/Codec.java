package dev.parley.protocol.rtp;

import java.util.Optional;

/** The payload formats that we negotiate. */
public enum Codec {
  OPUS("opus", 48_000, 2),
  RED_AUDIO("red", 48_000, 2),
  PCMU("PCMU", 8_000, 1),
  PCMA("PCMA", 8_000, 1),
  TELEPHONE_EVENT("telephone-event", 8_000, 1),
  H264("H264", 90_000, 0),
  VP8("VP8", 90_000, 0),
  VP9("VP9", 90_000, 0),
  AV1("AV1", 90_000, 0),
  RTX("rtx", 90_000, 0);

  private final String encoding;
  private final int clockRate;
  private final int channels;

  Codec(String encoding, int clockRate, int channels) {
    this.encoding = encoding;
    this.clockRate = clockRate;
    this.channels = channels;
  }

  /** The encoding name of {@code a=rtpmap}, which is compared without case. */
  public String encoding() {
    return encoding;
  }

  /** Timestamp units per second; telephone events also come at the rate of Opus. */
  public int clockRate() {
    return clockRate;
  }

  /** Channels of audio as {@code a=rtpmap} has them, 0 for video. */
  public int channels() {
    return channels;
  }

  public boolean isVideo() {
    return channels == 0;
  }

  /** The format of a name; {@code red} is known for audio only. */
  public static Optional<Codec> of(String encoding, boolean video) {
    for (var codec : values()) {
      if (codec.encoding.equalsIgnoreCase(encoding) && codec.isVideo() == video) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }
}
