package dev.parley.media.control;

/** How much arrives per second, over the last half second or as long as it takes. */
final class ArrivedRate {
  private static final long WINDOW = Nanos.SECOND / 2;
  private static final int BUCKETS = 25;
  private static final long BUCKET = WINDOW / BUCKETS;

  private final long[] bytes = new long[BUCKETS];
  private final long[] times = new long[BUCKETS];
  private long newest = Long.MIN_VALUE;
  private long first = Long.MIN_VALUE;

  void arrived(int size, long nanos) {
    var bucket = Math.floorDiv(nanos, BUCKET);
    var slot = (int) Math.floorMod(bucket, (long) BUCKETS);
    if (times[slot] != bucket) {
      // What is older than the window does not push out what is newer.
      if (times[slot] > bucket && first != Long.MIN_VALUE) {
        return;
      }
      times[slot] = bucket;
      bytes[slot] = 0;
    }
    bytes[slot] += size;
    first = first == Long.MIN_VALUE ? nanos : first;
    newest = Math.max(newest, nanos);
  }

  /** Bits per second; 0 while too little is known. */
  double bitsPerSecond() {
    if (first == Long.MIN_VALUE || newest - first < WINDOW / 2) {
      return 0;
    }
    return Nanos.rate(sum(BUCKETS), Math.min(WINDOW, newest - first));
  }

  /**
   * What arrives while the link is busy: the last 160 ms when more came in them than before. With
   * little to send, the half second says less of the link than of the sender.
   */
  double busyBitsPerSecond() {
    return Math.max(bitsPerSecond(), Nanos.rate(sum(8), 8 * BUCKET));
  }

  private long sum(int buckets) {
    var last = Math.floorDiv(newest, BUCKET);
    var sum = 0L;
    for (var slot = 0; slot < BUCKETS; slot++) {
      if (times[slot] > last - buckets && times[slot] <= last) {
        sum += bytes[slot];
      }
    }
    return sum;
  }
}
