package dev.parley.protocol.srtp;

/**
 * Protects what one side sends. The caller gives every RTP packet its index, so that no table of
 * streams is needed; it must never give the same index of a stream to two different packets, since
 * that would reveal both (RFC 7714 section 9.1). Not thread-safe.
 */
public final class SrtpSender {
  /** What protection adds at most. */
  public static final int OVERHEAD_BYTES_MAX = 20;

  private final SrtpCiphers ciphers;
  private int rtcpIndex;

  public SrtpSender(SrtpKeys keys) {
    this(SrtpCiphers.of(keys));
  }

  SrtpSender(SrtpCiphers ciphers) {
    this.ciphers = ciphers;
  }

  /**
   * Protects a packet into another array.
   *
   * @param index the sequence number without wraps: the roll-over count in front of the 16 bits
   *     that stand in the packet
   * @return the protected packet's length
   */
  public int protect(byte[] in, int at, int length, long index, byte[] out, int to) {
    var clear = SrtpHeader.clearBytes(in, at, length);
    if (clear < 0) {
      throw new IllegalArgumentException("No RTP packet of " + length + " bytes.");
    }
    var ssrc = SrtpHeader.i32(in, at + 8);
    return ciphers.rtp().protect(in, at, length, clear, ssrc, index, 0, out, to);
  }

  /** Protects a compound RTCP packet into another array; returns the length. */
  public int protectRtcp(byte[] in, int at, int length, byte[] out, int to) {
    var ssrc = SrtpHeader.i32(in, at + 4);
    // One count for all streams of the session: 2^31 packets are more than any session sends.
    var index = rtcpIndex++ & 0x7fffffff;
    var trailer = index | 0x80000000;
    var clear = SrtpHeader.RTCP_CLEAR_BYTES;
    if (ciphers.rtcp() instanceof CounterCipher counter) {
      // Here the trailer stands before the tag.
      var end = counter.protect(in, at, length, clear, ssrc, index, trailer, out, to);
      System.arraycopy(out, to + length, out, to + length + 4, end - length);
      put32(out, to + length, trailer);
      return end + 4;
    }
    var end = ciphers.rtcp().protect(in, at, length, clear, ssrc, index, trailer, out, to);
    put32(out, to + end, trailer);
    return end + 4;
  }

  private static void put32(byte[] out, int at, int value) {
    for (var i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }
}
