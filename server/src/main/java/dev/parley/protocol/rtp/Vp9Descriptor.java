package dev.parley.protocol.rtp;

/** The VP9 payload descriptor (RFC 9628 section 4.2) where it lies. Not thread-safe. */
public final class Vp9Descriptor implements PictureDescriptor {
  private byte[] bytes = new byte[0];
  private int first;
  private int pictureIdAt;
  private int tl0At;
  private int layer;
  private int headerLength;
  private int spatialLayers;
  private int sizesAt;

  /** Looks at a payload; false when it is malformed. */
  public boolean wrap(byte[] bytes, int at, int length) {
    if (at < 0 || length < 1 || length > bytes.length - at) {
      return false;
    }
    var end = at + length;
    this.bytes = bytes;
    first = bytes[at];
    pictureIdAt = ABSENT;
    tl0At = ABSENT;
    sizesAt = ABSENT;
    layer = 0;
    spatialLayers = 0;
    var next = at + 1;
    if ((first & 0x80) != 0) {
      if (next >= end) {
        return false;
      }
      pictureIdAt = next;
      next += bytes[next] < 0 ? 2 : 1;
    }
    if ((first & 0x20) != 0) {
      if (next >= end) {
        return false;
      }
      layer = bytes[next++];
      if (!isFlexible()) {
        tl0At = next++;
      }
    }
    if (isFlexible() && isPredicted()) {
      next = references(next, end);
    }
    if (next != ABSENT && (first & 0x02) != 0) {
      next = structure(next, end);
    }
    // At least one byte of the frame follows.
    if (next == ABSENT || next >= end) {
      return false;
    }
    headerLength = next - at;
    return true;
  }

  /** Skips one to three reference indexes; more are malformed. */
  private int references(int from, int end) {
    var at = from;
    for (var i = 0; i < 3; i++) {
      if (at >= end) {
        return ABSENT;
      }
      if ((bytes[at++] & 1) == 0) {
        return at;
      }
    }
    return ABSENT;
  }

  /** Skips the scalability structure (section 4.2.1) and remembers the layers' sizes. */
  private int structure(int from, int end) {
    if (from >= end) {
      return ABSENT;
    }
    var at = from;
    var head = bytes[at++];
    spatialLayers = (head >> 5 & 7) + 1;
    if ((head & 0x10) != 0) {
      sizesAt = at;
      at += 4 * spatialLayers;
    }
    if ((head & 0x08) != 0) {
      if (at >= end) {
        return ABSENT;
      }
      var pictures = bytes[at++] & 0xff;
      for (var i = 0; i < pictures; i++) {
        if (at >= end) {
          return ABSENT;
        }
        at += 1 + (bytes[at] >> 2 & 3);
      }
    }
    return at > end ? ABSENT : at;
  }

  /** The descriptor's bytes. */
  public int headerLength() {
    return headerLength;
  }

  /** Whether the picture refers to earlier ones. */
  public boolean isPredicted() {
    return (first & 0x40) != 0;
  }

  public boolean isFlexible() {
    return (first & 0x10) != 0;
  }

  /** Whether a layer frame begins here. */
  public boolean isFrameStart() {
    return (first & 0x08) != 0;
  }

  /** Whether a layer frame ends here; the marker must be set on the highest layer forwarded. */
  public boolean isFrameEnd() {
    return (first & 0x04) != 0;
  }

  /** Whether the frame is not used by higher spatial layers. */
  public boolean isNotReferencedAbove() {
    return (first & 0x01) != 0;
  }

  /** Whether a key picture begins here, that is its lowest spatial layer. */
  public boolean isKeyFrame() {
    return isFrameStart() && !isPredicted() && spatialId() == 0;
  }

  public int temporalId() {
    return layer >> 5 & 7;
  }

  /** Whether a receiver may begin with this temporal layer here. */
  public boolean isSwitchPoint() {
    return (layer & 0x10) != 0;
  }

  public int spatialId() {
    return layer >> 1 & 7;
  }

  /** Whether the frame depends on the spatial layer below. */
  public boolean dependsOnBelow() {
    return (layer & 1) != 0;
  }

  /** 7, 15, or 0 when there is no picture id. */
  @Override
  public int pictureIdBits() {
    return pictureIdAt == ABSENT ? 0 : bytes[pictureIdAt] < 0 ? 15 : 7;
  }

  @Override
  public int pictureId() {
    return switch (pictureIdBits()) {
      case 15 -> Bits.u16(bytes, pictureIdAt) & 0x7fff;
      case 7 -> bytes[pictureIdAt];
      default -> ABSENT;
    };
  }

  /** Sets the picture id in as many bits as it has; nothing without one. */
  @Override
  public void pictureId(int id) {
    switch (pictureIdBits()) {
      case 15 -> Bits.put16(bytes, pictureIdAt, 0x8000 | (id & 0x7fff));
      case 7 -> bytes[pictureIdAt] = (byte) (id & 0x7f);
      default -> {}
    }
  }

  /** The number of the last picture of the base temporal layer, 8 bits. */
  @Override
  public int tl0PictureIndex() {
    return tl0At == ABSENT ? ABSENT : bytes[tl0At] & 0xff;
  }

  /** Sets the base layer's number; nothing without one. */
  @Override
  public void tl0PictureIndex(int index) {
    if (tl0At != ABSENT) {
      bytes[tl0At] = (byte) index;
    }
  }

  /** How many spatial layers the structure in this packet announces, 0 without one. */
  public int spatialLayers() {
    return spatialLayers;
  }

  /** The width of a spatial layer, or {@link #ABSENT}. */
  public int width(int spatialId) {
    return sizesAt == ABSENT || spatialId >= spatialLayers
        ? ABSENT
        : Bits.u16(bytes, sizesAt + 4 * spatialId);
  }

  /** The height of a spatial layer, or {@link #ABSENT}. */
  public int height(int spatialId) {
    return sizesAt == ABSENT || spatialId >= spatialLayers
        ? ABSENT
        : Bits.u16(bytes, sizesAt + 4 * spatialId + 2);
  }
}
