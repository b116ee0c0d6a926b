package dev.parley.protocol.rtp;

/**
 * What a forwarder asks of a payload, whichever codec it is: does a key frame begin here, and of
 * which layer is it. Not thread-safe; used again for every packet.
 */
public final class PayloadView {
  private final Vp8Descriptor vp8 = new Vp8Descriptor();
  private final Vp9Descriptor vp9 = new Vp9Descriptor();
  private final H264Payload h264 = new H264Payload();
  private final Av1Payload av1 = new Av1Payload();
  private final DependencyDescriptor dependency = new DependencyDescriptor();

  private boolean described;
  private int activeTargets;
  private boolean keyFrame;
  private boolean frameStart;
  private boolean switchPoint;
  private int temporalId;
  private int spatialId;

  /** Looks at a packet's payload; false when it is malformed. Audio is always well formed. */
  public boolean read(Codec codec, RtpView packet) {
    return read(codec, packet.bytes(), packet.payloadAt(), packet.payloadLength());
  }

  /** Looks at a payload; false when it is malformed. */
  public boolean read(Codec codec, byte[] bytes, int at, int length) {
    described = false;
    keyFrame = false;
    frameStart = false;
    switchPoint = false;
    temporalId = 0;
    spatialId = 0;
    return switch (codec) {
      case VP8 -> {
        if (!vp8.wrap(bytes, at, length)) {
          yield false;
        }
        set(vp8.isKeyFrame(), vp8.isFrameStart(), vp8.temporalId(), 0);
        switchPoint = vp8.isKeyFrame() || vp8.isLayerSync();
        yield true;
      }
      case VP9 -> {
        if (!vp9.wrap(bytes, at, length)) {
          yield false;
        }
        set(vp9.isKeyFrame(), vp9.isFrameStart(), vp9.temporalId(), vp9.spatialId());
        switchPoint = vp9.isKeyFrame() || vp9.isSwitchPoint();
        yield true;
      }
      case H264 -> {
        if (!h264.read(bytes, at, length)) {
          yield false;
        }
        set(h264.isKeyFrame(), h264.isUnitStart(), 0, 0);
        switchPoint = h264.isKeyFrame();
        yield true;
      }
      case AV1 -> {
        if (!av1.read(bytes, at, length)) {
          yield false;
        }
        set(av1.isKeyFrame(), av1.isUnitStart(), av1.temporalId(), av1.spatialId());
        switchPoint = av1.isKeyFrame();
        yield true;
      }
      case OPUS, RED_AUDIO, PCMU, PCMA, TELEPHONE_EVENT -> {
        set(true, true, 0, 0);
        switchPoint = true;
        yield true;
      }
      case RTX -> false;
    };
  }

  /**
   * Takes the frame's place among the layers from its dependency descriptor, if the packet has one
   * that can be read. To be called after {@link #read}.
   *
   * @param id of the extension, 0 when it was not negotiated
   * @param known the structure of the stream so far
   * @param knownActive the decode targets that the sender makes, as far as it has said
   */
  public void describe(RtpView packet, int id, DependencyStructure known, int knownActive) {
    var at = packet.extension(id);
    if (at == RtpView.NONE
        || !dependency.read(packet.bytes(), at, packet.extensionLength(at), known)) {
      return;
    }
    described = true;
    activeTargets = dependency.saysActiveTargets() ? dependency.activeTargets() : knownActive;
    temporalId = dependency.temporalId();
    spatialId = dependency.spatialId();
    frameStart = dependency.isFrameStart();
  }

  /** Whether {@link #dependency} holds for the packet. */
  public boolean isDescribed() {
    return described;
  }

  /** The dependency descriptor, when the packet {@link #isDescribed}. */
  public DependencyDescriptor dependency() {
    return dependency;
  }

  /** A bit for each decode target that the sender still makes, when {@link #isDescribed}. */
  public int activeTargets() {
    return activeTargets;
  }

  private void set(boolean keyFrame, boolean frameStart, int temporalId, int spatialId) {
    this.keyFrame = keyFrame;
    this.frameStart = frameStart;
    this.temporalId = temporalId;
    this.spatialId = spatialId;
  }

  /** Whether a decoder can begin with this packet. */
  public boolean isKeyFrame() {
    return keyFrame;
  }

  /** Whether a frame may begin here: certain for VP8 and VP9, a unit's begin for the others. */
  public boolean isFrameStart() {
    return frameStart;
  }

  /** Whether a receiver of lower temporal layers may take this one from here on. */
  public boolean isSwitchPoint() {
    return switchPoint;
  }

  public int temporalId() {
    return temporalId;
  }

  public int spatialId() {
    return spatialId;
  }

  /** The descriptor, after a payload of VP8 was read. */
  public Vp8Descriptor vp8() {
    return vp8;
  }

  /** The descriptor, after a payload of VP9 was read. */
  public Vp9Descriptor vp9() {
    return vp9;
  }
}
