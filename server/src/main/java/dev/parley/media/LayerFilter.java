package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.DependencyDescriptor;
import dev.parley.protocol.rtp.DependencyStructure;
import dev.parley.protocol.rtp.PayloadView;
import org.jspecify.annotations.Nullable;

/**
 * Which frames of a source a viewer gets, by spatial and temporal layer. Layers come in where the
 * stream says that one may change over, and leave at once where nothing that stays needs more than
 * was sent. Belongs to its worker's thread.
 */
final class LayerFilter {
  /** Every layer. */
  static final int ALL = 7;

  private int spatialMax = ALL;
  private int temporalMax = ALL;
  private int spatialNow = ALL;
  private int temporalNow = ALL;

  /** Whether what is wanted has to wait for a key frame. */
  private boolean waits;

  private final boolean described;

  /**
   * Everything goes out until {@link #limit} says less.
   *
   * @param described whether the viewer takes the dependency descriptor
   */
  LayerFilter(boolean described) {
    this.described = described;
  }

  /**
   * Whether a viewer can show one picture size only. Nothing but the descriptor tells layers of AV1
   * apart: a viewer without it takes each layer's frame for a picture of its own, and gives up at
   * the second.
   */
  static boolean isFlat(@Nullable Codec codec, boolean described) {
    return codec == Codec.AV1 && !described;
  }

  /** What is wanted at most. */
  void limit(int spatial, int temporal) {
    spatialMax = spatial;
    temporalMax = temporal;
  }

  /** A key frame begins: what is wanted is what there is. */
  void begin() {
    spatialNow = spatialMax;
    temporalNow = temporalMax;
    waits = false;
  }

  /** Whether only a key frame brings what is wanted. */
  boolean waitsForKeyFrame() {
    return waits;
  }

  /** The highest spatial layer that goes out, {@link #ALL} for all. */
  int spatial() {
    return spatialNow;
  }

  /** The highest temporal layer that goes out, {@link #ALL} for all. */
  int temporal() {
    return temporalNow;
  }

  /** Whether the packet goes out. */
  boolean takes(PayloadView payload, Codec codec) {
    if (payload.isDescribed()) {
      return takesDescribed(payload, isFlat(codec, described) ? 0 : spatialMax);
    }
    return takesSpatial(payload, codec) && takesTemporal(payload);
  }

  private boolean takesDescribed(PayloadView payload, int spatialMax) {
    var frame = payload.dependency();
    var structure = frame.structure();
    var wanted = structure.decodeTarget(spatialMax, temporalMax, payload.activeTargets());
    if (wanted < 0) {
      return true;
    }
    var now = structure.decodeTarget(spatialNow, temporalNow, -1);
    waits = false;
    if (now != wanted && frame.isFrameStart()) {
      if (now < 0 || structure.covers(now, wanted) || opens(frame, now, wanted)) {
        now = wanted;
        spatialNow = structure.spatialId(wanted);
        temporalNow = structure.temporalId(wanted);
      } else {
        waits = structure.spatialId(now) != structure.spatialId(wanted);
      }
    }
    return now < 0 || frame.indication(now) != DependencyStructure.NOT_PRESENT;
  }

  /**
   * Whether a viewer may change over with this frame. The indication alone says so only to who has
   * got what the frame refers to: another picture size has to begin anew.
   */
  private static boolean opens(DependencyDescriptor frame, int now, int wanted) {
    var structure = frame.structure();
    return frame.indication(wanted) == DependencyStructure.SWITCH
        && (structure.spatialId(now) == structure.spatialId(wanted)
            || frame.carriesStructure()
            || (structure.chains() > 0 && frame.chainDifference(structure.chain(wanted)) == 0));
  }

  /** VP9 without a dependency descriptor: every lower layer goes out as well. */
  private boolean takesSpatial(PayloadView payload, Codec codec) {
    if (codec != Codec.VP9) {
      return true;
    }
    var frame = payload.vp9();
    if (frame.isFrameStart()) {
      if (payload.isKeyFrame() || spatialMax < spatialNow) {
        spatialNow = spatialMax;
      } else if (!frame.isPredicted()
          && frame.spatialId() > spatialNow
          && frame.spatialId() <= spatialMax) {
        spatialNow = frame.spatialId();
      }
      waits = spatialNow < spatialMax;
    }
    return frame.spatialId() <= spatialNow;
  }

  private boolean takesTemporal(PayloadView payload) {
    temporalNow = Math.min(temporalNow, temporalMax);
    if (payload.temporalId() <= temporalNow) {
      return true;
    }
    if (payload.temporalId() > temporalMax || !payload.isSwitchPoint()) {
      return false;
    }
    temporalNow = payload.temporalId();
    return true;
  }

  /** Whether a packet that goes out ends the picture, though higher layers follow upstream. */
  boolean endsPicture(PayloadView payload, Codec codec) {
    if (payload.isDescribed()) {
      return payload.dependency().isFrameEnd() && payload.spatialId() >= spatialNow;
    }
    return codec == Codec.VP9 && payload.vp9().isFrameEnd() && payload.spatialId() >= spatialNow;
  }
}
