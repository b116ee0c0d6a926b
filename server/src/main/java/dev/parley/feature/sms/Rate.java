package dev.parley.feature.sms;

/** A bound on what goes out per second, as a bucket that holds one second's worth. */
final class Rate {
  private final int perSecond;
  private double tokens;
  private long filled = System.nanoTime();

  Rate(int perSecond) {
    this.perSecond = perSecond;
    // Not a whole second's worth at once after a start, which is when carriers are touchy.
    this.tokens = Math.max(1, perSecond / 10.0);
  }

  /** How many may go now. */
  synchronized int available() {
    var now = System.nanoTime();
    tokens = Math.min(perSecond, tokens + (now - filled) * perSecond / 1e9);
    filled = now;
    return (int) tokens;
  }

  /** Counts what went; more than was available is paid back by waiting. */
  synchronized void take(int count) {
    tokens -= count;
  }
}
