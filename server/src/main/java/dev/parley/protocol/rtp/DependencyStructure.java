package dev.parley.protocol.rtp;

/**
 * How the frames of a stream depend on each other: the templates of the dependency descriptor (RTP
 * payload format for AV1, appendix A.8.2). Comes with a key frame and holds until the next one.
 */
public final class DependencyStructure {
  /** Nothing is known: the packets before the first key frame. */
  public static final DependencyStructure NONE = new DependencyStructure(0, 0, 0, 0);

  static final int TEMPLATES_MAX = 64;

  /** The frame is not part of the decode target. */
  public static final int NOT_PRESENT = 0;

  /** Nothing of the decode target needs the frame. */
  public static final int DISCARDABLE = 1;

  /** A receiver may switch to the decode target here. */
  public static final int SWITCH = 2;

  /** The decode target needs the frame. */
  public static final int REQUIRED = 3;

  final int idOffset;
  final int templates;
  final int decodeTargets;
  final int chains;
  final byte[] temporalIds;
  final byte[] spatialIds;
  final byte[] indications;
  final byte[] chainDifferences;
  final byte[] chainOfTarget;
  final byte[] targetTemporalIds;
  final byte[] targetSpatialIds;
  final int[] widths;
  final int[] heights;

  DependencyStructure(int idOffset, int templates, int decodeTargets, int chains) {
    this.idOffset = idOffset;
    this.templates = templates;
    this.decodeTargets = decodeTargets;
    this.chains = chains;
    temporalIds = new byte[templates];
    spatialIds = new byte[templates];
    indications = new byte[templates * decodeTargets];
    chainDifferences = new byte[templates * chains];
    chainOfTarget = new byte[decodeTargets];
    targetTemporalIds = new byte[decodeTargets];
    targetSpatialIds = new byte[decodeTargets];
    widths = new int[4];
    heights = new int[4];
  }

  /** How many combinations of layers can be decoded; 0 when nothing is known. */
  public int decodeTargets() {
    return decodeTargets;
  }

  /** The highest spatial layer of a decode target. */
  public int spatialId(int decodeTarget) {
    return targetSpatialIds[decodeTarget];
  }

  /** The highest temporal layer of a decode target. */
  public int temporalId(int decodeTarget) {
    return targetTemporalIds[decodeTarget];
  }

  /** How many chains there are: while no frame of its chain is missing, a target can be decoded. */
  public int chains() {
    return chains;
  }

  /** The chain that protects a decode target; meaningful when there are chains. */
  public int chain(int decodeTarget) {
    return chainOfTarget[decodeTarget];
  }

  /** The width of a spatial layer, or 0 when the stream does not say. */
  public int width(int spatialId) {
    return widths[spatialId];
  }

  /** The height of a spatial layer, or 0 when the stream does not say. */
  public int height(int spatialId) {
    return heights[spatialId];
  }

  /** Whether who has got everything of one decode target has got everything of the other. */
  public boolean covers(int decodeTarget, int other) {
    for (var template = 0; template < templates; template++) {
      var at = template * decodeTargets;
      if (indications[at + other] != NOT_PRESENT && indications[at + decodeTarget] == NOT_PRESENT) {
        return false;
      }
    }
    return true;
  }

  /**
   * The decode target with the highest layers not above these, spatial first, or -1 when there is
   * none.
   *
   * @param active a bit for each decode target that counts
   */
  public int decodeTarget(int spatialIdMax, int temporalIdMax, int active) {
    var best = -1;
    for (var target = 0; target < decodeTargets; target++) {
      var spatial = targetSpatialIds[target];
      var temporal = targetTemporalIds[target];
      if ((active >> target & 1) != 0
          && spatial <= spatialIdMax
          && temporal <= temporalIdMax
          && (best < 0
              || spatial > targetSpatialIds[best]
              || (spatial == targetSpatialIds[best] && temporal > targetTemporalIds[best]))) {
        best = target;
      }
    }
    return best;
  }
}
