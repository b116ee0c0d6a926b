package dev.parley.media;

import dev.parley.media.audio.Speaker;
import dev.parley.protocol.rtp.Extensions;
import dev.parley.protocol.rtp.RtpView;

/** What a source of audio says about its loudness. Belongs to its worker's thread. */
final class Voice {
  private final Speaker speaker;
  private final int levelId;
  private boolean levelled;

  /** Whether it is forwarded; false while enough others are louder. */
  boolean audible = true;

  Voice(Speaker speaker, int levelId) {
    this.speaker = speaker;
    this.levelId = levelId;
  }

  /** A packet came. */
  void heard(RtpView packet, long nowNanos) {
    var level = Extensions.audioLevel(packet, levelId);
    if (level != Extensions.ABSENT) {
      levelled = true;
      speaker.level(level, nowNanos);
    }
  }

  /** Whether its loudness is known: who does not say it is always forwarded. */
  boolean isLevelled() {
    return levelled;
  }
}
