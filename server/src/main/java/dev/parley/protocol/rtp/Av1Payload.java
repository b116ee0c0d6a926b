package dev.parley.protocol.rtp;

/**
 * A packet of AV1: the aggregation header and the OBUs (RTP payload format for AV1, section 4.4).
 */
public final class Av1Payload {
  private static final int SEQUENCE_HEADER = 1;

  /** Hears each unit, or each fragment of one. */
  public interface Units {
    /**
     * A part of the stream.
     *
     * @param first whether the unit begins here, with its header
     * @param last whether the unit ends here
     */
    void unit(byte[] bytes, int at, int length, boolean first, boolean last);
  }

  private static final Units NOBODY = (_, _, _, _, _) -> {};

  private int head;
  private boolean sequenceHeader;
  private int temporalId;
  private int spatialId;

  /** Looks at a payload; false when it is malformed. */
  public boolean read(byte[] bytes, int at, int length) {
    return read(bytes, at, length, NOBODY);
  }

  /** Looks at a payload and hands on its units, for whoever records. */
  public boolean read(byte[] bytes, int at, int length, Units units) {
    sequenceHeader = false;
    temporalId = 0;
    spatialId = 0;
    if (at < 0 || length < 2 || length > bytes.length - at) {
      return false;
    }
    head = bytes[at];
    // A new sequence cannot begin with the rest of an older unit.
    if ((head & 0x80) != 0 && (head & 0x08) != 0) {
      return false;
    }
    var end = at + length;
    var elements = head >> 4 & 3;
    var next = at + 1;
    for (var i = 1; next < end; i++) {
      var size = end - next;
      if (elements == 0 || i < elements) {
        var value = 0L;
        var shift = 0;
        int octet;
        do {
          if (next >= end || shift > 28) {
            return false;
          }
          octet = bytes[next++];
          value |= (long) (octet & 0x7f) << shift;
          shift += 7;
        } while (octet < 0);
        if (value > end - next) {
          return false;
        }
        size = (int) value;
      } else if (i > elements) {
        return false;
      }
      // The first element may be the rest of a unit, which has no header of its own.
      if (size > 0 && (i > 1 || (head & 0x80) == 0)) {
        unit(bytes, next, size);
      }
      var first = i > 1 || (head & 0x80) == 0;
      var last = next + size < end || (head & 0x40) == 0;
      units.unit(bytes, next, size, first, last);
      next += size;
    }
    return true;
  }

  private void unit(byte[] bytes, int at, int size) {
    if ((bytes[at] >> 3 & 0x0f) == SEQUENCE_HEADER) {
      sequenceHeader = true;
    }
    if ((bytes[at] & 0x04) != 0 && size > 1) {
      temporalId = bytes[at + 1] >> 5 & 7;
      spatialId = bytes[at + 1] >> 3 & 3;
    }
  }

  /** Whether a decoder can begin here: the first packet of a coded video sequence. */
  public boolean isKeyFrame() {
    return (head & 0x08) != 0 || sequenceHeader;
  }

  /** Whether the packet begins with a new unit. */
  public boolean isUnitStart() {
    return (head & 0x80) == 0;
  }

  /** The temporal layer of the last unit that says one, else 0. */
  public int temporalId() {
    return temporalId;
  }

  /** The spatial layer of the last unit that says one, else 0. */
  public int spatialId() {
    return spatialId;
  }
}
