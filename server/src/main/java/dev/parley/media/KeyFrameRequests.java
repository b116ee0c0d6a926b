package dev.parley.media;

/**
 * When one source is asked for a key frame. However many viewers need one, and however often they
 * say so, two requests a second go out and no more, but for one in advance after a pause: who comes
 * alone need not wait. Belongs to its worker's thread.
 */
final class KeyFrameRequests {
  /** What all requests keep to on average. */
  private static final long EACH_NANOS = 500_000_000L;

  /** A sender that has just made one passes by what comes sooner: libwebrtc for 300 ms. */
  private static final long SPACING_NANOS = 350_000_000L;

  /** A request that was not answered by then was lost, or the answer was. */
  private static final long AGAIN_NANOS = 700_000_000L;

  private boolean wanted;
  private boolean answered = true;
  private long askedNanos = Long.MIN_VALUE / 2;

  /** When as many as may be on average will have been made (a leaky bucket). */
  private long spentNanos = Long.MIN_VALUE / 2;

  /** Somebody needs a key frame. */
  void want() {
    wanted = true;
  }

  /** A key frame begins: whoever needed one has it. */
  void answered() {
    wanted = false;
    answered = true;
  }

  /** Whether a request is to go out now. */
  boolean isDue(long nowNanos) {
    return wanted
        && nowNanos - askedNanos >= (answered ? SPACING_NANOS : AGAIN_NANOS)
        && nowNanos - spentNanos >= -EACH_NANOS;
  }

  /** The same; if so, it is taken as made. */
  boolean take(long nowNanos) {
    if (!isDue(nowNanos)) {
      return false;
    }
    askedNanos = nowNanos;
    spentNanos = Math.max(spentNanos, nowNanos) + EACH_NANOS;
    answered = false;
    return true;
  }
}
