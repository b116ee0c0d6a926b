package dev.parley.protocol.rtp;

/**
 * An RTP packet (RFC 3550 section 5.1) where it lies in a byte array. One view is used again for
 * every packet of a thread; it copies nothing, and what it sets is set in the array.
 *
 * <p>Not thread-safe. Positions are absolute indexes of the array.
 */
public final class RtpView {
  /** The fixed header. */
  public static final int HEADER_BYTES = 12;

  /** No such extension. */
  public static final int NONE = -1;

  private static final int ONE_BYTE = 0xBEDE;
  private static final int TWO_BYTE = 0x1000;

  private byte[] bytes = new byte[HEADER_BYTES];
  private int offset;
  private int length;
  private int extensionsAt;
  private int extensionsEnd;
  private int idBytes;
  private int payloadAt;
  private int payloadEnd;

  /**
   * Looks at a packet. False when it is malformed: then the view shows nothing useful.
   *
   * @param length the packet's bytes, after SRTP has been taken away
   */
  public boolean wrap(byte[] bytes, int offset, int length) {
    if (offset < 0 || length < HEADER_BYTES || length > bytes.length - offset) {
      return false;
    }
    var first = bytes[offset] & 0xff;
    if (first >> 6 != 2) {
      return false;
    }
    var end = offset + length;
    var at = offset + HEADER_BYTES + 4 * (first & 0x0f);
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    extensionsAt = at;
    extensionsEnd = at;
    idBytes = 0;
    if ((first & 0x10) != 0) {
      if (at + 4 > end) {
        return false;
      }
      var profile = Bits.u16(bytes, at);
      extensionsAt = at + 4;
      extensionsEnd = extensionsAt + 4 * Bits.u16(bytes, at + 2);
      at = extensionsEnd;
      // RFC 8285 sections 4.2 and 4.3; another profile's block is skipped as a whole.
      if (profile == ONE_BYTE) {
        idBytes = 1;
      } else if ((profile & 0xfff0) == TWO_BYTE) {
        idBytes = 2;
      }
    }
    if (at > end) {
      return false;
    }
    payloadAt = at;
    payloadEnd = end;
    if ((first & 0x20) != 0) {
      var padding = bytes[end - 1] & 0xff;
      if (padding == 0 || padding > end - at) {
        return false;
      }
      payloadEnd = end - padding;
    }
    return extensionsAreSound();
  }

  /** The array that the packet lies in. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the packet begins. */
  public int offset() {
    return offset;
  }

  /** The whole packet's bytes, padding included. */
  public int length() {
    return length;
  }

  /** The last packet of a video frame, or the first after a silence. */
  public boolean marker() {
    return (bytes[offset + 1] & 0x80) != 0;
  }

  /** See {@link #marker()}. */
  public void marker(boolean marker) {
    bytes[offset + 1] = (byte) ((bytes[offset + 1] & 0x7f) | (marker ? 0x80 : 0));
  }

  public int payloadType() {
    return bytes[offset + 1] & 0x7f;
  }

  public void payloadType(int payloadType) {
    bytes[offset + 1] = (byte) ((bytes[offset + 1] & 0x80) | (payloadType & 0x7f));
  }

  /** The sequence number, 0 to 65535. */
  public int sequence() {
    return Bits.u16(bytes, offset + 2);
  }

  public void sequence(int sequence) {
    Bits.put16(bytes, offset + 2, sequence);
  }

  /** The timestamp as 32 bits; compare with {@link Sequences#timestampsApart}. */
  public int timestamp() {
    return Bits.i32(bytes, offset + 4);
  }

  public void timestamp(int timestamp) {
    Bits.put32(bytes, offset + 4, timestamp);
  }

  /** The synchronization source as 32 bits. */
  public int ssrc() {
    return Bits.i32(bytes, offset + 8);
  }

  public void ssrc(int ssrc) {
    Bits.put32(bytes, offset + 8, ssrc);
  }

  /** How many contributing sources the header names, 0 to 15. */
  public int csrcCount() {
    return bytes[offset] & 0x0f;
  }

  /** A contributing source; the index is below {@link #csrcCount()}. */
  public int csrc(int index) {
    return Bits.i32(bytes, offset + HEADER_BYTES + 4 * index);
  }

  public int payloadAt() {
    return payloadAt;
  }

  /** The payload's bytes without padding; 0 for a packet that only pads. */
  public int payloadLength() {
    return payloadEnd - payloadAt;
  }

  /** The bytes of padding at the end, its count included. */
  public int paddingLength() {
    return offset + length - payloadEnd;
  }

  /**
   * Where an extension's data begins, or {@link #NONE}. Its length is {@link #extensionLength}.
   *
   * @param id 1 to 255; 0 stands for an extension that was not negotiated and finds nothing
   */
  public int extension(int id) {
    if (id <= 0) {
      return NONE;
    }
    for (var at = firstExtension(); at != NONE; at = nextExtension(at)) {
      if (extensionId(at) == id) {
        return at;
      }
    }
    return NONE;
  }

  /** Where the first extension's data begins, or {@link #NONE}. */
  public int firstExtension() {
    return idBytes == 0 ? NONE : seek(extensionsAt);
  }

  /** Where the data of the extension after this one begins, or {@link #NONE}. */
  public int nextExtension(int at) {
    return seek(at + extensionLength(at));
  }

  /** The id of an extension that was found. */
  public int extensionId(int at) {
    return idBytes == 1 ? bytes[at - 1] >> 4 & 0x0f : bytes[at - 2] & 0xff;
  }

  /** The bytes of an extension that was found: 1 to 16, or 0 to 255 in the two-byte form. */
  public int extensionLength(int at) {
    return idBytes == 1 ? (bytes[at - 1] & 0x0f) + 1 : bytes[at - 1] & 0xff;
  }

  /** Skips padding and returns where the next extension's data begins. */
  private int seek(int from) {
    var at = from;
    while (at < extensionsEnd && bytes[at] == 0) {
      at++;
    }
    // Id 15 of the one-byte form ends the block (RFC 8285 section 4.2).
    if (at >= extensionsEnd || (idBytes == 1 && (bytes[at] >> 4 & 0x0f) == 15)) {
      return NONE;
    }
    return at + idBytes;
  }

  /** Whether every extension ends inside of the block, so that walking it needs no more checks. */
  private boolean extensionsAreSound() {
    if (idBytes == 0) {
      return true;
    }
    var at = seek(extensionsAt);
    while (at != NONE) {
      if (at > extensionsEnd || at + extensionLength(at) > extensionsEnd) {
        return false;
      }
      at = seek(at + extensionLength(at));
    }
    return true;
  }
}
