package dev.parley.protocol.rtp;

/** The VP8 payload descriptor (RFC 7741 section 4.2) where it lies. Not thread-safe. */
public final class Vp8Descriptor implements PictureDescriptor {
  private byte[] bytes = new byte[0];
  private int first;
  private int pictureIdAt;
  private int tl0At;
  private int layerAt;
  private int headerLength;
  private boolean keyFrame;
  private int frameAt;
  private int end;

  /** Looks at a payload; false when it is malformed. */
  public boolean wrap(byte[] bytes, int at, int length) {
    if (at < 0 || length < 1 || length > bytes.length - at) {
      return false;
    }
    this.bytes = bytes;
    end = at + length;
    first = bytes[at];
    pictureIdAt = ABSENT;
    tl0At = ABSENT;
    layerAt = ABSENT;
    var next = at + 1;
    if ((first & 0x80) != 0) {
      if (next >= end) {
        return false;
      }
      var present = bytes[next++];
      if ((present & 0x80) != 0) {
        pictureIdAt = next;
        if (next >= end) {
          return false;
        }
        next += bytes[next] < 0 ? 2 : 1;
      }
      if ((present & 0x40) != 0) {
        tl0At = next++;
      }
      if ((present & 0x30) != 0) {
        layerAt = (present & 0x20) != 0 ? next : ABSENT;
        next++;
      }
    }
    // At least one byte of the frame follows.
    if (next >= end) {
      return false;
    }
    headerLength = next - at;
    frameAt = next;
    keyFrame = isFrameStart() && (bytes[next] & 1) == 0;
    return true;
  }

  /** The descriptor's bytes. */
  public int headerLength() {
    return headerLength;
  }

  /** Whether a frame begins here: the first packet of the first partition. */
  public boolean isFrameStart() {
    return (first & 0x17) == 0x10;
  }

  /** Whether a key frame begins here. */
  public boolean isKeyFrame() {
    return keyFrame;
  }

  /** Whether no other frame refers to this one. */
  public boolean isDiscardable() {
    return (first & 0x20) != 0;
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

  /** The number of the last picture of the base layer, 8 bits. */
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

  /** The temporal layer, 0 when there is only one. */
  public int temporalId() {
    return layerAt == ABSENT ? 0 : bytes[layerAt] >> 6 & 3;
  }

  /** Whether the frame depends on the base layer only, so that a receiver may begin with it. */
  public boolean isLayerSync() {
    return layerAt != ABSENT && (bytes[layerAt] & 0x20) != 0;
  }

  /** The width of a key frame (RFC 6386 section 9.1), or {@link #ABSENT}. */
  public int width() {
    return hasSize() ? (bytes[frameAt + 6] & 0xff) | (bytes[frameAt + 7] & 0x3f) << 8 : ABSENT;
  }

  /** The height of a key frame, or {@link #ABSENT}. */
  public int height() {
    return hasSize() ? (bytes[frameAt + 8] & 0xff) | (bytes[frameAt + 9] & 0x3f) << 8 : ABSENT;
  }

  private boolean hasSize() {
    return keyFrame
        && end - frameAt >= 10
        && bytes[frameAt + 3] == (byte) 0x9d
        && bytes[frameAt + 4] == 0x01
        && bytes[frameAt + 5] == 0x2a;
  }
}
