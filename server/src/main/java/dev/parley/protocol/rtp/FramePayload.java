package dev.parley.protocol.rtp;

import java.io.ByteArrayOutputStream;

/**
 * Puts the payloads of a frame's packets together as a decoder or a container takes them: audio and
 * VP8 and VP9 frames as they are, H.264 as a byte stream with start codes (ITU-T H.264 annex B),
 * AV1 as units with sizes (low-overhead format). Not thread-safe.
 */
final class FramePayload {
  private static final byte[] START_CODE = {0, 0, 0, 1};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
  private final Vp8Descriptor vp8 = new Vp8Descriptor();
  private final Vp9Descriptor vp9 = new Vp9Descriptor();
  private final H264Payload h264 = new H264Payload();
  private final Av1Payload av1 = new Av1Payload();

  /** A frame begins. */
  void begin() {
    out.reset();
    unit.reset();
  }

  /** A packet of the frame, in order; false when it is malformed. */
  boolean add(Codec codec, byte[] payload) {
    return switch (codec) {
      case VP8 -> vp8.wrap(payload, 0, payload.length) && rest(payload, vp8.headerLength());
      case VP9 -> vp9.wrap(payload, 0, payload.length) && rest(payload, vp9.headerLength());
      case H264 -> h264.read(payload, 0, payload.length, this::unit);
      case AV1 -> av1.read(payload, 0, payload.length, this::obu);
      case OPUS, RED_AUDIO, PCMU, PCMA, TELEPHONE_EVENT -> rest(payload, 0);
      case RTX -> false;
    };
  }

  /** The frame's bytes. */
  byte[] end() {
    return out.toByteArray();
  }

  private boolean rest(byte[] payload, int from) {
    out.write(payload, from, payload.length - from);
    return true;
  }

  private void unit(int header, byte[] bytes, int at, int length, boolean first, boolean last) {
    if (first) {
      out.writeBytes(START_CODE);
      out.write(header);
    }
    out.write(bytes, at, length);
  }

  private void obu(byte[] bytes, int at, int length, boolean first, boolean last) {
    if (first) {
      unit.reset();
    }
    unit.write(bytes, at, length);
    if (!last || unit.size() == 0) {
      return;
    }
    var whole = unit.toByteArray();
    var headBytes = (whole[0] & 0x04) != 0 ? 2 : 1;
    if (whole.length < headBytes || (whole[0] & 0x02) != 0) {
      // It has its size already, or is cut off; the payload format forbids neither.
      out.writeBytes(whole);
      return;
    }
    out.write(whole[0] | 0x02);
    out.write(whole, 1, headBytes - 1);
    size(whole.length - headBytes);
    out.write(whole, headBytes, whole.length - headBytes);
  }

  /** A number as leb128 (AV1 specification section 4.10.5). */
  private void size(int number) {
    var left = number;
    while (left > 0x7f) {
      out.write(0x80 | (left & 0x7f));
      left >>= 7;
    }
    out.write(left);
  }
}
