package dev.parley.protocol.rtp;

/** What numbers the pictures of VP8 (RFC 7741) and VP9 (RFC 9628) where it lies. */
public interface PictureDescriptor {
  /** The descriptor does not say. */
  int ABSENT = -1;

  /** 7, 15, or 0 when there is no picture id. */
  int pictureIdBits();

  /** The picture id, or {@link #ABSENT}. */
  int pictureId();

  /** Sets the picture id in as many bits as it has; nothing without one. */
  void pictureId(int id);

  /** The number of the last picture of the base temporal layer, 8 bits, or {@link #ABSENT}. */
  int tl0PictureIndex();

  /** Sets the base layer's number; nothing without one. */
  void tl0PictureIndex(int index);
}
