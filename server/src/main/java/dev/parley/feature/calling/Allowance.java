package dev.parley.feature.calling;

/** What one client may still send: a bucket that fills with time. One thread at a time. */
final class Allowance {
  private final int perSecond;
  private double left;
  private long filledAt = System.nanoTime();

  Allowance(int perSecond) {
    this.perSecond = perSecond;
    this.left = bound();
  }

  private double bound() {
    return perSecond * 4.0;
  }

  /** What is left after one more message; negative when it is too many. */
  double take() {
    var now = System.nanoTime();
    left = Math.min(bound(), left + (now - filledAt) * (perSecond / 1e9));
    filledAt = now;
    left -= 1;
    return left;
  }

  /** Whether the client goes on although it was told. */
  boolean isAbused() {
    return left < -bound();
  }
}
