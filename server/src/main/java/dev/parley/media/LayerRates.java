package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.DependencyStructure;
import dev.parley.protocol.rtp.PayloadView;

/**
 * What each choice of layers of one source takes, in bits per second. Belongs to its worker's
 * thread; makes no object per packet.
 */
final class LayerRates {
  private static final int SPATIAL_MAX = 4;
  private static final int TEMPORAL_MAX = 4;
  private static final long WINDOW_NANOS = 500_000_000L;

  private final long[] windowBytes = new long[SPATIAL_MAX * TEMPORAL_MAX];
  private final long[] rates = new long[SPATIAL_MAX * TEMPORAL_MAX];
  private int spatialSeen;
  private int temporalSeen;
  private int spatialTop;
  private int temporalTop;
  private long windowNanos;

  void packet(PayloadView payload, Codec codec, int length, long nowNanos) {
    if (!codec.isVideo()) {
      return;
    }
    var spatial = Math.min(payload.spatialId(), SPATIAL_MAX - 1);
    var temporal = Math.min(payload.temporalId(), TEMPORAL_MAX - 1);
    spatialSeen = Math.max(spatialSeen, spatial);
    temporalSeen = Math.max(temporalSeen, temporal);
    for (var s = 0; s < SPATIAL_MAX; s++) {
      for (var t = 0; t < TEMPORAL_MAX; t++) {
        if (isPart(payload, spatial, temporal, s, t)) {
          windowBytes[s * TEMPORAL_MAX + t] += length;
        }
      }
    }
    var span = nowNanos - windowNanos;
    if (span >= WINDOW_NANOS) {
      roll(span, nowNanos);
    }
  }

  private static boolean isPart(PayloadView payload, int spatial, int temporal, int s, int t) {
    if (payload.isDescribed()) {
      var structure = payload.dependency().structure();
      var target = structure.decodeTarget(s, t, payload.activeTargets());
      return target >= 0
          && payload.dependency().indication(target) != DependencyStructure.NOT_PRESENT;
    }
    return spatial <= s && temporal <= t;
  }

  private void roll(long span, long nowNanos) {
    for (var i = 0; i < rates.length; i++) {
      // The first window begins anywhere, and one after a pause is too long to say anything.
      var rate = windowBytes[i] * 8_000_000_000L / span;
      rates[i] = rates[i] == 0 || span > 4 * WINDOW_NANOS ? rate : (rates[i] + rate) / 2;
      windowBytes[i] = 0;
    }
    spatialTop = spatialSeen;
    temporalTop = temporalSeen;
    spatialSeen = 0;
    temporalSeen = 0;
    windowNanos = nowNanos;
  }

  /** The highest spatial layer that comes. */
  int spatialTop() {
    return spatialTop;
  }

  /** The highest temporal layer that comes. */
  int temporalTop() {
    return temporalTop;
  }

  long bitsPerSecond(int spatial, int temporal) {
    return rates[spatial * TEMPORAL_MAX + temporal];
  }
}
