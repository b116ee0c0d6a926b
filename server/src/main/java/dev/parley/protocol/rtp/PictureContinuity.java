package dev.parley.protocol.rtp;

/**
 * Keeps picture ids and base layer indexes of one outgoing VP8 or VP9 stream going on across
 * switches between sources, and those of VP8 without gaps where temporal layers are dropped: there
 * a gap makes receivers wait for a frame that never comes. VP9 refers to pictures by how far back
 * they are, so that its gaps have to stay. Not thread-safe.
 */
public final class PictureContinuity {
  private final NumberMap longIds = NumberMap.ofBits(15);
  private final NumberMap shortIds = NumberMap.ofBits(7);
  private int tl0Offset;
  private int tl0Last = -1;

  /** The stream goes on with a key frame of another source; this is its first packet. */
  public void switchTo(PictureDescriptor first) {
    if (first.pictureIdBits() > 0) {
      ids(first).switchTo(0, first.pictureId());
    }
    if (first.tl0PictureIndex() != PictureDescriptor.ABSENT) {
      tl0Offset = tl0Last < 0 ? 0 : tl0Last + 1 - first.tl0PictureIndex();
    }
  }

  /** The frame of this packet is not forwarded. Calling it for each of its packets is fine. */
  public void drop(PictureDescriptor packet) {
    if (packet.pictureIdBits() > 0) {
      ids(packet).drop(packet.pictureId());
    }
  }

  /**
   * Sets the outgoing numbers where the packet lies, which is the copy that goes out. False when
   * the packet must not go out: it is too old, or its frame was dropped.
   */
  public boolean rewrite(PictureDescriptor packet) {
    if (packet.pictureIdBits() > 0) {
      var id = ids(packet).forward(packet.pictureId());
      if (id == NumberMap.NONE) {
        return false;
      }
      packet.pictureId(id);
    }
    if (packet.tl0PictureIndex() != PictureDescriptor.ABSENT) {
      var index = packet.tl0PictureIndex() + tl0Offset & 0xff;
      packet.tl0PictureIndex(index);
      if (tl0Last < 0 || Sequences.apart(tl0Last, index, 8) > 0) {
        tl0Last = index;
      }
    }
    return true;
  }

  private NumberMap ids(PictureDescriptor packet) {
    return packet.pictureIdBits() == 15 ? longIds : shortIds;
  }
}
