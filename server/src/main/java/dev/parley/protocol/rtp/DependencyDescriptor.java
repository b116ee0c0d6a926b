package dev.parley.protocol.rtp;

/**
 * The dependency descriptor of one packet (RTP payload format for AV1, appendix A): of which frame
 * and layer it is and which decode targets need it, whatever the codec and even when the payload is
 * encrypted. Used again for every packet; makes an object only when a new structure comes. Not
 * thread-safe.
 */
public final class DependencyDescriptor {
  private static final int TARGETS_MAX = 32;

  private final BitReader in = new BitReader();
  private final byte[] layers = new byte[DependencyStructure.TEMPLATES_MAX];
  private final byte[] indications = new byte[TARGETS_MAX];
  private final int[] chainDifferences = new int[TARGETS_MAX + 1];

  private DependencyStructure structure = DependencyStructure.NONE;
  private boolean carriesStructure;
  private boolean frameStart;
  private boolean frameEnd;
  private int frameNumber;
  private int template;
  private int activeTargets;
  private boolean saysActiveTargets;

  /**
   * Reads the extension. False when it is malformed, or when it refers to a structure that is not
   * known.
   *
   * @param known what {@link #structure} said for the last packet that {@link #carriesStructure}
   */
  public boolean read(byte[] bytes, int at, int length, DependencyStructure known) {
    if (at < 0 || length < 3 || length > bytes.length - at) {
      return false;
    }
    in.wrap(bytes, at, length);
    frameStart = in.flag();
    frameEnd = in.flag();
    var templateId = in.bits(6);
    frameNumber = in.bits(16);
    structure = known;
    carriesStructure = false;
    saysActiveTargets = false;
    var customIndications = false;
    var customDifferences = false;
    var customChains = false;
    if (length > 3) {
      carriesStructure = in.flag();
      saysActiveTargets = in.flag();
      customIndications = in.flag();
      customDifferences = in.flag();
      customChains = in.flag();
      if (carriesStructure) {
        structure = readStructure();
        if (in.isOver() || structure == DependencyStructure.NONE) {
          return false;
        }
      }
    }
    activeTargets = all(structure.decodeTargets);
    if (saysActiveTargets) {
      activeTargets = in.bits(structure.decodeTargets);
    } else {
      saysActiveTargets = carriesStructure;
    }
    template = templateId - structure.idOffset & 63;
    if (template >= structure.templates) {
      return false;
    }
    frame(customIndications, customDifferences, customChains);
    return !in.isOver();
  }

  private static int all(int decodeTargets) {
    return decodeTargets == 32 ? -1 : (1 << decodeTargets) - 1;
  }

  private void frame(boolean customIndications, boolean customDifferences, boolean customChains) {
    for (var target = 0; target < structure.decodeTargets; target++) {
      indications[target] =
          customIndications
              ? (byte) in.bits(2)
              : structure.indications[template * structure.decodeTargets + target];
    }
    if (customDifferences) {
      for (var size = in.bits(2); size > 0 && !in.isOver(); size = in.bits(2)) {
        in.bits(4 * size);
      }
    }
    for (var chain = 0; chain < structure.chains; chain++) {
      chainDifferences[chain] =
          customChains
              ? in.bits(8)
              : structure.chainDifferences[template * structure.chains + chain];
    }
  }

  /** Reads a structure; {@link DependencyStructure#NONE} when it is malformed. */
  private DependencyStructure readStructure() {
    var idOffset = in.bits(6);
    var targets = in.bits(5) + 1;
    var templates = templateLayers();
    if (templates == 0) {
      return DependencyStructure.NONE;
    }
    var read = new byte[templates * targets];
    for (var i = 0; i < read.length; i++) {
      read[i] = (byte) in.bits(2);
    }
    for (var i = 0; i < templates; i++) {
      while (in.flag() && !in.isOver()) {
        in.bits(4);
      }
    }
    if (in.isOver()) {
      return DependencyStructure.NONE;
    }
    var chains = in.below(targets + 1);
    var made = new DependencyStructure(idOffset, templates, targets, chains);
    System.arraycopy(read, 0, made.indications, 0, read.length);
    if (chains > 0) {
      for (var target = 0; target < targets; target++) {
        made.chainOfTarget[target] = (byte) in.below(chains);
      }
      for (var i = 0; i < made.chainDifferences.length; i++) {
        made.chainDifferences[i] = (byte) in.bits(4);
      }
    }
    var spatialMax = 0;
    for (var i = 0; i < templates; i++) {
      made.spatialIds[i] = (byte) (layers[i] >> 3);
      made.temporalIds[i] = (byte) (layers[i] & 7);
      spatialMax = Math.max(spatialMax, made.spatialIds[i]);
    }
    targetLayers(made);
    if (in.flag()) {
      for (var spatial = 0; spatial <= spatialMax; spatial++) {
        made.widths[spatial] = in.bits(16) + 1;
        made.heights[spatial] = in.bits(16) + 1;
      }
    }
    return made;
  }

  /** Reads the layers of the templates into {@link #layers}; 0 when they are malformed. */
  private int templateLayers() {
    var temporal = 0;
    var spatial = 0;
    var templates = 0;
    while (!in.isOver()) {
      if (templates == DependencyStructure.TEMPLATES_MAX || temporal > 7 || spatial > 3) {
        return 0;
      }
      layers[templates++] = (byte) (spatial << 3 | temporal);
      switch (in.bits(2)) {
        case 1 -> temporal++;
        case 2 -> {
          temporal = 0;
          spatial++;
        }
        case 3 -> {
          return templates;
        }
        default -> {}
      }
    }
    return 0;
  }

  /** A decode target's layers are the highest of the templates that it takes (A.8.2.6). */
  private static void targetLayers(DependencyStructure made) {
    for (var template = 0; template < made.templates; template++) {
      for (var target = 0; target < made.decodeTargets; target++) {
        if (made.indications[template * made.decodeTargets + target] != 0) {
          made.targetSpatialIds[target] =
              (byte) Math.max(made.targetSpatialIds[target], made.spatialIds[template]);
          made.targetTemporalIds[target] =
              (byte) Math.max(made.targetTemporalIds[target], made.temporalIds[template]);
        }
      }
    }
  }

  /** The structure that holds for this packet; keep it when it {@link #carriesStructure}. */
  public DependencyStructure structure() {
    return structure;
  }

  /** Whether the packet brings a structure, as the first of a key frame does. */
  public boolean carriesStructure() {
    return carriesStructure;
  }

  public boolean isFrameStart() {
    return frameStart;
  }

  public boolean isFrameEnd() {
    return frameEnd;
  }

  /** The frame's number, 16 bits. */
  public int frameNumber() {
    return frameNumber;
  }

  /** The frame number of a descriptor of at least three bytes where it lies. */
  public static int frameNumber(byte[] bytes, int at) {
    return Bits.u16(bytes, at + 1);
  }

  /** Sets the frame number where the extension lies. */
  public static void frameNumber(byte[] bytes, int at, int number) {
    Bits.put16(bytes, at + 1, number);
  }

  public int spatialId() {
    return structure.spatialIds[template];
  }

  public int temporalId() {
    return structure.temporalIds[template];
  }

  /** What the frame is to a decode target, see {@link DependencyStructure#REQUIRED}. */
  public int indication(int decodeTarget) {
    return indications[decodeTarget];
  }

  /** How many frames ago the last one of a chain was; 0 when there was none. */
  public int chainDifference(int chain) {
    return chainDifferences[chain];
  }

  /** Whether {@link #activeTargets} is news; else what was said last still holds. */
  public boolean saysActiveTargets() {
    return saysActiveTargets;
  }

  /** A bit for each decode target that the sender still makes. */
  public int activeTargets() {
    return activeTargets;
  }
}
