package dev.parley.protocol.rtp;

/**
 * Cuts encoded frames into RTP payloads: audio as it is, VP8 by RFC 7741, H.264 from a byte stream
 * with start codes by RFC 6184. One per stream; not thread-safe.
 */
public final class Packetizer {
  /** Leaves room for headers, extensions and SRTP within 1200 bytes, which every path takes. */
  public static final int PAYLOAD_BYTES_MAX = 1_120;

  /** Hears each payload, in order. */
  public interface Payloads {
    /**
     * A payload of the frame; the array is used again.
     *
     * @param last whether the frame ends with it
     */
    void payload(byte[] bytes, int length, boolean last);
  }

  private static final int FU_A = 28;

  private final Codec codec;
  private final byte[] out = new byte[PAYLOAD_BYTES_MAX];
  private int pictureId;

  /**
   * For frames of one codec.
   *
   * @throws IllegalArgumentException for a codec that cannot be cut yet: VP9, AV1, RED, RTX
   */
  public Packetizer(Codec codec) {
    this.codec =
        switch (codec) {
          case OPUS, PCMU, PCMA, VP8, H264 -> codec;
          default ->
              throw new IllegalArgumentException("Frames of " + codec + " are not cut here.");
        };
  }

  /**
   * Cuts a frame.
   *
   * @return false when it cannot be: audio that does not fit a packet, or nothing in it
   */
  public boolean frame(byte[] frame, Payloads payloads) {
    return switch (codec) {
      case VP8 -> frame.length > 0 && vp8(frame, payloads);
      case H264 -> h264(frame, payloads);
      default -> audio(frame, payloads);
    };
  }

  private boolean audio(byte[] frame, Payloads payloads) {
    if (frame.length == 0 || frame.length > out.length) {
      return false;
    }
    System.arraycopy(frame, 0, out, 0, frame.length);
    payloads.payload(out, frame.length, true);
    return true;
  }

  private boolean vp8(byte[] frame, Payloads payloads) {
    pictureId = (pictureId + 1) & 0x7fff;
    var room = out.length - 4;
    for (var at = 0; at < frame.length; at += room) {
      var length = Math.min(room, frame.length - at);
      // RFC 7741 section 4.2: extended, start of the first partition, a picture id of 15 bits.
      out[0] = (byte) (at == 0 ? 0x90 : 0x80);
      out[1] = (byte) 0x80;
      Bits.put16(out, 2, 0x8000 | pictureId);
      System.arraycopy(frame, at, out, 4, length);
      payloads.payload(out, 4 + length, at + length == frame.length);
    }
    return true;
  }

  private boolean h264(byte[] frame, Payloads payloads) {
    var begin = unitAfter(frame, 0);
    if (begin >= frame.length) {
      return false;
    }
    while (begin < frame.length) {
      var next = unitAfter(frame, begin);
      var end = next;
      if (next < frame.length || endsWithStartCode(frame)) {
        // The start code and the zeros before it belong to no unit.
        end = next - 3;
      }
      while (end > begin && frame[end - 1] == 0) {
        end--;
      }
      if (end > begin) {
        unit(frame, begin, end, next >= frame.length, payloads);
      }
      begin = next;
    }
    return true;
  }

  private static boolean endsWithStartCode(byte[] frame) {
    var end = frame.length;
    return end >= 3 && frame[end - 1] == 1 && frame[end - 2] == 0 && frame[end - 3] == 0;
  }

  /** Where the unit behind the next start code begins, or the end. */
  private static int unitAfter(byte[] frame, int from) {
    for (var at = from; at + 2 < frame.length; at++) {
      if (frame[at] == 0 && frame[at + 1] == 0 && frame[at + 2] == 1) {
        return at + 3;
      }
    }
    return frame.length;
  }

  private void unit(byte[] frame, int begin, int end, boolean last, Payloads payloads) {
    if (end - begin <= out.length) {
      System.arraycopy(frame, begin, out, 0, end - begin);
      payloads.payload(out, end - begin, last);
      return;
    }
    var header = frame[begin];
    var room = out.length - 2;
    for (var at = begin + 1; at < end; at += room) {
      var length = Math.min(room, end - at);
      out[0] = (byte) ((header & 0xe0) | FU_A);
      out[1] =
          (byte) ((at == begin + 1 ? 0x80 : 0) | (at + length == end ? 0x40 : 0) | (header & 0x1f));
      System.arraycopy(frame, at, out, 2, length);
      payloads.payload(out, 2 + length, last && at + length == end);
    }
  }
}
