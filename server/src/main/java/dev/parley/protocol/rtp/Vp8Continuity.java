package dev.parley.protocol.rtp;

/**
 * Keeps picture ids and base layer indexes of one outgoing VP8 stream without gaps, across dropped
 * temporal layers and across switches between simulcast streams. A gap in picture ids makes
 * receivers wait for a frame that never comes. Not thread-safe.
 */
public final class Vp8Continuity {
  private final NumberMap longIds = NumberMap.ofBits(15);
  private final NumberMap shortIds = NumberMap.ofBits(7);
  private int tl0Offset;
  private int tl0Last = -1;

  /** The stream goes on with a key frame of another source; this is its first packet. */
  public void switchTo(Vp8Descriptor first) {
    if (first.pictureIdBits() > 0) {
      ids(first).switchTo(0, first.pictureId());
    }
    if (first.tl0PictureIndex() != Vp8Descriptor.ABSENT) {
      tl0Offset = tl0Last < 0 ? 0 : tl0Last + 1 - first.tl0PictureIndex();
    }
  }

  /** The frame of this packet is not forwarded. Calling it for each of its packets is fine. */
  public void drop(Vp8Descriptor packet) {
    if (packet.pictureIdBits() > 0) {
      ids(packet).drop(packet.pictureId());
    }
  }

  /**
   * Sets the outgoing numbers where the packet lies, which is the copy that goes out. False when
   * the packet must not go out: it is too old, or its frame was dropped.
   */
  public boolean rewrite(Vp8Descriptor packet) {
    if (packet.pictureIdBits() > 0) {
      var id = ids(packet).forward(packet.pictureId());
      if (id == NumberMap.NONE) {
        return false;
      }
      packet.pictureId(id);
    }
    if (packet.tl0PictureIndex() != Vp8Descriptor.ABSENT) {
      var index = packet.tl0PictureIndex() + tl0Offset & 0xff;
      packet.tl0PictureIndex(index);
      if (tl0Last < 0 || Sequences.apart(tl0Last, index, 8) > 0) {
        tl0Last = index;
      }
    }
    return true;
  }

  private NumberMap ids(Vp8Descriptor packet) {
    return packet.pictureIdBits() == 15 ? longIds : shortIds;
  }
}
