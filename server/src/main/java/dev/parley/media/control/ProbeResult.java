package dev.parley.media.control;

/** Measures one probe: packets sent quickly after each other, and how quickly they arrived. */
final class ProbeResult {
  private static final int PACKETS_MAX = 256;
  private static final int PACKETS_MIN = 5;

  private final double[] sentBits = new double[PACKETS_MAX];
  private final double[] sentAt = new double[PACKETS_MAX];
  private final double[] arrivedAt = new double[PACKETS_MAX];
  private int cluster;
  private int packets;
  private double bits;

  /** Begins with a new cluster of packets. */
  void begin(int cluster) {
    this.cluster = cluster;
    packets = 0;
    bits = 0;
  }

  /** A packet of a probe came. */
  void received(int ofCluster, int bytes, long sent, long arrived) {
    if (ofCluster != cluster || packets == PACKETS_MAX) {
      return;
    }
    bits += 8.0 * bytes;
    sentBits[packets] = bits;
    sentAt[packets] = (double) sent / Nanos.SECOND;
    arrivedAt[packets] = (double) arrived / Nanos.SECOND;
    packets++;
  }

  /** How many bits have arrived. */
  double bits() {
    return bits;
  }

  /**
   * What the link carried, in bits per second, or 0 when too little came. Lines are laid through
   * the times, since single arrivals jitter.
   */
  double bitsPerSecond() {
    if (packets < PACKETS_MIN) {
      return 0;
    }
    var sending = DelayTrend.slope(sentBits, sentAt, packets);
    var arriving = DelayTrend.slope(sentBits, arrivedAt, packets);
    if (sending <= 0) {
      return 0;
    }
    if (arriving <= sending / 0.9) {
      // Nothing queued up: the link may carry more.
      return 1 / sending;
    }
    return 0.95 / arriving;
  }
}
