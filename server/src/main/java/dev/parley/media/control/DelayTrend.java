package dev.parley.media.control;

/**
 * Whether packets take longer and longer: groups of packets sent together, the change of their
 * delay, a line through the last changes, and a threshold that adapts to what is usual here
 * (draft-ietf-rmcat-gcc-02 sections 5.2 to 5.4). A burst alone, such as a key frame, is not too
 * much: the queue must also stand.
 */
final class DelayTrend {
  /** What the delay says of the link. */
  enum Usage {
    NORMAL,
    OVER,
    UNDER
  }

  private static final int WINDOW = 20;
  private static final long BURST = 5 * Nanos.MILLISECOND;
  private static final double SMOOTHING = 0.9;
  private static final double GAIN = 4;
  private static final double THRESHOLD_START = 12.5;
  private static final double THRESHOLD_MIN = 6;
  private static final double THRESHOLD_MAX = 600;

  /** A pause after which older delays say nothing of the link as it is now. */
  private static final long PAUSE = 3 * Nanos.SECOND;

  private final double[] arrivals = new double[WINDOW];
  private final double[] delays = new double[WINDOW];
  private int samples;
  private int deltas;
  private double accumulated;
  private double smoothed;
  private double trendBefore;
  private double threshold = THRESHOLD_START;
  private double overMillis;
  private int overCount;
  private double jitterMillis;
  private Usage usage = Usage.NORMAL;
  private final StandingQueue queue = new StandingQueue();

  private boolean open;
  private long groupFirst;
  private long groupSent;
  private long groupArrived;
  private boolean before;
  private long beforeSent;
  private long beforeArrived;

  /** A packet came; packets are told in the order in which they were sent. */
  void received(long sent, long arrived) {
    if (!open) {
      begin(sent, arrived);
      return;
    }
    if (sent < groupFirst) {
      return;
    }
    if (sent - groupFirst <= BURST) {
      groupSent = Math.max(groupSent, sent);
      groupArrived = Math.max(groupArrived, arrived);
      return;
    }
    if (sent - groupSent > PAUSE) {
      restart();
    } else {
      if (before) {
        change(groupSent - beforeSent, groupArrived - beforeArrived);
      }
      before = true;
      beforeSent = groupSent;
      beforeArrived = groupArrived;
    }
    begin(sent, arrived);
  }

  Usage usage() {
    return usage;
  }

  /** How much delays usually differ from one group to the next. */
  double jitterMillis() {
    return jitterMillis;
  }

  private void begin(long sent, long arrived) {
    open = true;
    groupFirst = sent;
    groupSent = sent;
    groupArrived = arrived;
  }

  private void restart() {
    before = false;
    queue.restart();
    samples = 0;
    deltas = 0;
    accumulated = 0;
    smoothed = 0;
    overMillis = 0;
    overCount = 0;
    usage = Usage.NORMAL;
  }

  private void change(long sentNanos, long arrivedNanos) {
    var sent = (double) sentNanos / Nanos.MILLISECOND;
    var change = (double) arrivedNanos / Nanos.MILLISECOND - sent;
    jitterMillis += (Math.abs(change) - jitterMillis) / 16;
    deltas = Math.min(deltas + 1, 60);
    accumulated += change;
    smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * accumulated;
    if (samples == WINDOW) {
      System.arraycopy(arrivals, 1, arrivals, 0, WINDOW - 1);
      System.arraycopy(delays, 1, delays, 0, WINDOW - 1);
      samples--;
    }
    arrivals[samples] = (double) groupArrived / Nanos.MILLISECOND;
    delays[samples] = smoothed;
    samples++;
    queue.add(accumulated, groupArrived);
    detect(samples == WINDOW ? slope(arrivals, delays, samples) : trendBefore, sent);
  }

  /** The slope of the line through some points; 0 when they all lie above each other. */
  static double slope(double[] x, double[] y, int count) {
    double meanX = 0;
    double meanY = 0;
    for (var i = 0; i < count; i++) {
      meanX += x[i] / count;
      meanY += y[i] / count;
    }
    double above = 0;
    double below = 0;
    for (var i = 0; i < count; i++) {
      above += (x[i] - meanX) * (y[i] - meanY);
      below += (x[i] - meanX) * (x[i] - meanX);
    }
    return below == 0 ? 0 : above / below;
  }

  private void detect(double trend, double sentMillis) {
    if (deltas < 2) {
      return;
    }
    var scaled = deltas * trend * GAIN;
    if (scaled > threshold) {
      overMillis += sentMillis;
      overCount++;
      if (overMillis > 10 && overCount > 1 && trend >= trendBefore && queue.stands(jitterMillis)) {
        overMillis = 0;
        overCount = 0;
        usage = Usage.OVER;
      }
    } else {
      overMillis = 0;
      overCount = 0;
      usage = scaled < -threshold ? Usage.UNDER : Usage.NORMAL;
    }
    trendBefore = trend;
    adapt(Math.abs(scaled), Math.min(sentMillis, 100));
  }

  /** Follows what is usual, faster downwards; a sudden jump is not taken for usual. */
  private void adapt(double scaled, double millis) {
    if (scaled > threshold + 15) {
      return;
    }
    var speed = scaled < threshold ? 0.039 : 0.0087;
    threshold += speed * (scaled - threshold) * millis;
    threshold = Math.clamp(threshold, THRESHOLD_MIN, THRESHOLD_MAX);
  }
}
