package dev.parley.media.control;

/** Spans in nanoseconds. */
final class Nanos {
  static final long MILLISECOND = 1_000_000;
  static final long SECOND = 1_000_000_000;

  private Nanos() {}

  /** Bytes over a span as bits per second. */
  static double rate(long bytes, long nanos) {
    return 8e9 * bytes / nanos;
  }
}
