package dev.parley.protocol.rtp;

/**
 * What a packet of H.264 holds (RFC 6184 section 5): one unit, some in a STAP-A, or a fragment in
 * an FU-A. Not thread-safe.
 */
public final class H264Payload {
  /** A picture that refers to no other one. */
  public static final int IDR = 5;

  /** A sequence parameter set, which comes before every IDR picture of a browser. */
  public static final int SPS = 7;

  /** A picture parameter set. */
  public static final int PPS = 8;

  private static final int STAP_A = 24;
  private static final int FU_A = 28;

  /** Hears each whole unit, or each fragment. */
  public interface Units {
    /**
     * A part of the stream.
     *
     * @param header the unit's first byte; it is not among the bytes of a fragment
     * @param first whether the unit begins here
     * @param last whether the unit ends here
     */
    void unit(int header, byte[] bytes, int at, int length, boolean first, boolean last);
  }

  private static final Units NOBODY = (_, _, _, _, _, _) -> {};

  private int types;
  private boolean start;

  /** Looks at a payload; false when it is malformed or of a packetization that we do not take. */
  public boolean read(byte[] bytes, int at, int length) {
    return read(bytes, at, length, NOBODY);
  }

  /** Looks at a payload and hands on its units, for whoever records. */
  public boolean read(byte[] bytes, int at, int length, Units units) {
    types = 0;
    start = false;
    if (at < 0 || length < 1 || length > bytes.length - at) {
      return false;
    }
    var end = at + length;
    var type = bytes[at] & 0x1f;
    if (type >= 1 && type <= 23) {
      start = true;
      types = 1 << type;
      units.unit(bytes[at], bytes, at + 1, length - 1, true, true);
      return true;
    }
    if (type == STAP_A) {
      return aggregate(bytes, at + 1, end, units);
    }
    if (type == FU_A && length >= 3) {
      var fragment = bytes[at + 1];
      start = fragment < 0;
      if (start) {
        types = 1 << (fragment & 0x1f);
      }
      var header = (bytes[at] & 0xe0) | (fragment & 0x1f);
      units.unit(header, bytes, at + 2, length - 2, start, (fragment & 0x40) != 0);
      return true;
    }
    return false;
  }

  private boolean aggregate(byte[] bytes, int from, int end, Units units) {
    // First the bounds of all, so that a malformed packet hands on nothing.
    var found = 0;
    var at = from;
    while (at < end) {
      if (end - at < 3) {
        return false;
      }
      var size = Bits.u16(bytes, at);
      if (size == 0 || size > end - at - 2) {
        return false;
      }
      found |= 1 << (bytes[at + 2] & 0x1f);
      at += 2 + size;
    }
    if (found == 0) {
      return false;
    }
    types = found;
    start = true;
    for (at = from; at < end; at += 2 + Bits.u16(bytes, at)) {
      units.unit(bytes[at + 2], bytes, at + 3, Bits.u16(bytes, at) - 1, true, true);
    }
    return true;
  }

  /** Whether a unit of this type begins in the packet. */
  public boolean has(int type) {
    return (types & 1 << type) != 0;
  }

  /** Whether a unit begins in the packet. */
  public boolean isUnitStart() {
    return start;
  }

  /**
   * Whether a decoder can begin here. That is where the parameter sets are: an IDR picture alone
   * cannot be decoded by someone who has not seen them.
   */
  public boolean isKeyFrame() {
    return has(SPS);
  }
}
