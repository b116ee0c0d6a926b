package dev.parley.protocol.srtp;

import dev.parley.base.kit.IntMap;

/**
 * Takes the protection away from what one side receives, and refuses what is forged or has come
 * before. Streams are remembered once a packet of theirs has proven genuine. Not thread-safe.
 */
public final class SrtpReceiver {
  /** The packet is not from the peer, or was changed. */
  public static final int FORGED = -1;

  /** The packet has come before, or is too old to tell. */
  public static final int REPLAYED = -2;

  /** It is no packet, or of one stream too many. */
  public static final int MALFORMED = -3;

  /** A peer with more streams than this is no peer. */
  private static final int STREAMS_MAX = 512;

  private final SrtpCiphers ciphers;
  private final IntMap<ReplayWindow> rtp = new IntMap<>();
  private final IntMap<ReplayWindow> rtcp = new IntMap<>();

  public SrtpReceiver(SrtpKeys keys) {
    this(SrtpCiphers.of(keys));
  }

  SrtpReceiver(SrtpCiphers ciphers) {
    this.ciphers = ciphers;
  }

  /**
   * Unprotects an RTP packet into another array.
   *
   * @return the packet's length, or one of {@link #FORGED}, {@link #REPLAYED}, {@link #MALFORMED}
   */
  public int unprotect(byte[] in, int at, int length, byte[] out, int to) {
    var clear = SrtpHeader.clearBytes(in, at, length);
    if (clear < 0) {
      return MALFORMED;
    }
    var ssrc = SrtpHeader.i32(in, at + 8);
    var sequence = SrtpHeader.u16(in, at + 2);
    var window = rtp.get(ssrc);
    var index = window == null ? sequence : index(window.highest(), sequence);
    if (window != null && !window.isNew(index)) {
      return REPLAYED;
    }
    if (index < 0 || (window == null && rtp.size() >= STREAMS_MAX)) {
      return MALFORMED;
    }
    var plain = ciphers.rtp().unprotect(in, at, length, clear, ssrc, index, 0, out, to);
    if (plain >= 0) {
      if (window == null) {
        window = new ReplayWindow();
        rtp.put(ssrc, window);
      }
      window.take(index);
    }
    return plain;
  }

  /** The index nearest to the highest one (RFC 3711 section 3.3.1). */
  private static long index(long highest, int sequence) {
    return highest + (short) (sequence - (int) highest);
  }

  /** Unprotects an RTCP packet into another array; returns as {@link #unprotect} does. */
  public int unprotectRtcp(byte[] in, int at, int length, byte[] out, int to) {
    var counter = ciphers.rtcp() instanceof CounterCipher;
    var tagBytes = counter ? SrtpProfile.AES_CM_128_HMAC_SHA1_80.tagBytes() : 0;
    if (length < SrtpHeader.RTCP_CLEAR_BYTES + 4 + tagBytes) {
      return MALFORMED;
    }
    var trailerAt = at + length - tagBytes - 4;
    var trailer = SrtpHeader.i32(in, trailerAt);
    if (trailer >= 0 && !counter) {
      // Unencrypted RTCP under AEAD is not for browsers, and nothing here sends it.
      return MALFORMED;
    }
    var ssrc = SrtpHeader.i32(in, at + 4);
    long index = trailer & 0x7fffffff;
    var window = rtcp.get(ssrc);
    if (window != null && !window.isNew(index)) {
      return REPLAYED;
    }
    if (window == null && rtcp.size() >= STREAMS_MAX) {
      return MALFORMED;
    }
    if (counter) {
      // The tag stands behind the trailer; the cipher wants it behind the packet.
      System.arraycopy(in, trailerAt + 4, in, trailerAt, tagBytes);
    }
    var plain =
        ciphers
            .rtcp()
            .unprotect(
                in, at, length - 4, SrtpHeader.RTCP_CLEAR_BYTES, ssrc, index, trailer, out, to);
    if (plain >= 0) {
      if (window == null) {
        window = new ReplayWindow();
        rtcp.put(ssrc, window);
      }
      window.take(index);
    }
    return plain;
  }
}
