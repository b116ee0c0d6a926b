package dev.parley.media;

/**
 * What a publisher or viewer may do at most.
 *
 * @param audio whether audio is let through
 * @param video whether video is let through
 * @param bitsPerSecondMax video's rate, 0 for no limit but {@link #GENEROUS}
 */
public record Limits(boolean audio, boolean video, int bitsPerSecondMax) {
  /** What senders are allowed that know REMB only: the measured rate finds its own bound. */
  static final int GENEROUS = 8_000_000;

  /** Audio and video without a limit. */
  public static final Limits NONE = new Limits(true, true, 0);
}
