package dev.parley.protocol.rtp;

import java.util.Arrays;

/**
 * Writes an RTP packet into a byte array: {@link #begin}, then extensions, then the payload, then
 * {@link #end}. One writer is used again for every packet of a thread. What does not fit the array
 * makes {@link #end} answer {@link #FAILED}; nothing is written outside of the limits.
 */
public final class RtpWriter {
  /** The packet did not fit. */
  public static final int FAILED = -1;

  private byte[] bytes = new byte[0];
  private int offset;
  private int limit;
  private int at;
  private int extensionsAt;
  private boolean twoByte;
  private boolean extensionsOpen;
  private boolean failed;

  /**
   * Begins a packet without contributing sources.
   *
   * @param limit the index of the array that must not be reached
   * @param twoByte whether extensions take the two-byte form (RFC 8285 section 4.3), which a peer
   *     must have allowed; see {@link #needsTwoByte}
   */
  public RtpWriter begin(byte[] bytes, int offset, int limit, boolean twoByte) {
    this.bytes = bytes;
    this.offset = offset;
    this.limit = Math.min(limit, bytes.length);
    this.twoByte = twoByte;
    failed = offset < 0 || this.limit - offset < RtpView.HEADER_BYTES;
    at = offset + RtpView.HEADER_BYTES;
    extensionsAt = at + 4;
    extensionsOpen = true;
    return this;
  }

  /** The fixed header. */
  public RtpWriter header(boolean marker, int payloadType, int sequence, int timestamp, int ssrc) {
    if (!failed) {
      bytes[offset] = (byte) 0x80;
      bytes[offset + 1] = (byte) ((marker ? 0x80 : 0) | (payloadType & 0x7f));
      Bits.put16(bytes, offset + 2, sequence);
      Bits.put32(bytes, offset + 4, timestamp);
      Bits.put32(bytes, offset + 8, ssrc);
    }
    return this;
  }

  /** Whether a packet's extensions can only be forwarded in the two-byte form. */
  public static boolean needsTwoByte(RtpView packet, byte[] ids) {
    for (var from = packet.firstExtension();
        from != RtpView.NONE;
        from = packet.nextExtension(from)) {
      var id = ids[packet.extensionId(from)] & 0xff;
      if (id != 0 && !fitsOneByte(id, packet.extensionLength(from))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Copies the extensions of another packet under new ids. What does not fit the one-byte form is
   * left out when the packet has that form.
   *
   * @param ids see {@link ExtensionMap#to}
   */
  public RtpWriter extensions(RtpView packet, byte[] ids) {
    for (var from = packet.firstExtension();
        from != RtpView.NONE;
        from = packet.nextExtension(from)) {
      var id = ids[packet.extensionId(from)] & 0xff;
      if (id != 0) {
        extension(id, packet.bytes(), from, packet.extensionLength(from));
      }
    }
    return this;
  }

  /** An extension's bytes; nothing for the id 0. */
  public RtpWriter extension(int id, byte[] from, int fromAt, int length) {
    var to = room(id, length);
    if (to != RtpView.NONE) {
      System.arraycopy(from, fromAt, bytes, to, length);
    }
    return this;
  }

  /** The transport-wide sequence number; nothing for the id 0. */
  public RtpWriter transportCc(int id, int number) {
    var to = room(id, 2);
    if (to != RtpView.NONE) {
      Bits.put16(bytes, to, number);
    }
    return this;
  }

  /** The time of sending; nothing for the id 0. */
  public RtpWriter absSendTime(int id, long nanos) {
    var to = room(id, 3);
    if (to != RtpView.NONE) {
      Bits.put24(bytes, to, Extensions.absSendTime(nanos));
    }
    return this;
  }

  /** A dependency descriptor of another packet under another frame number. */
  public RtpWriter dependency(int id, byte[] from, int fromAt, int length, int frameNumber) {
    var to = room(id, length);
    if (to != RtpView.NONE) {
      System.arraycopy(from, fromAt, bytes, to, length);
      DependencyDescriptor.frameNumber(bytes, to, frameNumber);
    }
    return this;
  }

  /** The audio level (RFC 6464 section 3); nothing for the id 0. */
  public RtpWriter audioLevel(int id, boolean voice, int minusDecibels) {
    var to = room(id, 1);
    if (to != RtpView.NONE) {
      bytes[to] = (byte) ((voice ? 0x80 : 0) | (minusDecibels & 0x7f));
    }
    return this;
  }

  /** Bytes of the payload; may be called more than once. */
  public RtpWriter payload(byte[] from, int fromAt, int length) {
    closeExtensions();
    if (failed || length > limit - at) {
      failed = true;
      return this;
    }
    System.arraycopy(from, fromAt, bytes, at, length);
    at += length;
    return this;
  }

  /** A 16-bit number of the payload. */
  public RtpWriter payload16(int number) {
    closeExtensions();
    if (failed || limit - at < 2) {
      failed = true;
      return this;
    }
    Bits.put16(bytes, at, number);
    at += 2;
    return this;
  }

  /** Padding at the end (RFC 3550 section 5.1), 1 to 255 bytes. */
  public RtpWriter padding(int length) {
    closeExtensions();
    if (failed || length < 1 || length > 255 || length > limit - at) {
      failed = true;
      return this;
    }
    Arrays.fill(bytes, at, at + length - 1, (byte) 0);
    at += length;
    bytes[at - 1] = (byte) length;
    bytes[offset] |= 0x20;
    return this;
  }

  /** Where the next byte goes: the payload's place when called after the last extension. */
  public int position() {
    closeExtensions();
    return at;
  }

  /** The packet's length, or {@link #FAILED}. */
  public int end() {
    closeExtensions();
    return failed ? FAILED : at - offset;
  }

  /** Makes room for an extension and writes its head; {@link RtpView#NONE} when it cannot be. */
  private int room(int id, int length) {
    if (id == 0 || (!twoByte && !fitsOneByte(id, length))) {
      return RtpView.NONE;
    }
    var start = at == extensionsAt - 4 ? extensionsAt : at;
    var headBytes = twoByte ? 2 : 1;
    if (failed || !extensionsOpen || headBytes + length + 3 > limit - start) {
      failed = true;
      return RtpView.NONE;
    }
    if (twoByte) {
      bytes[start] = (byte) id;
      bytes[start + 1] = (byte) length;
    } else {
      bytes[start] = (byte) (id << 4 | length - 1);
    }
    at = start + headBytes + length;
    return start + headBytes;
  }

  private static boolean fitsOneByte(int id, int length) {
    return id <= 14 && length >= 1 && length <= 16;
  }

  private void closeExtensions() {
    if (failed || !extensionsOpen) {
      return;
    }
    extensionsOpen = false;
    if (at == extensionsAt - 4) {
      return;
    }
    while ((at - extensionsAt & 3) != 0) {
      bytes[at++] = 0;
    }
    bytes[offset] |= 0x10;
    Bits.put16(bytes, extensionsAt - 4, twoByte ? 0x1000 : 0xBEDE);
    Bits.put16(bytes, extensionsAt - 2, (at - extensionsAt) >> 2);
  }
}
