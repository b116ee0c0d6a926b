package dev.parley.protocol.rtp;

/**
 * Retransmission in a stream of its own (RFC 4588 section 4): the payload begins with the original
 * sequence number.
 */
public final class Rtx {
  private Rtx() {}

  /**
   * Makes the original packet out of a retransmission, in place; the view then shows it. False when
   * there is none inside, as in packets that only probe the bandwidth.
   *
   * <p>The original lies two bytes further in the array.
   */
  public static boolean unwrap(RtpView rtx, int payloadType, int ssrc) {
    if (rtx.payloadLength() < 2) {
      return false;
    }
    var bytes = rtx.bytes();
    var offset = rtx.offset();
    var length = rtx.length();
    var original = Bits.u16(bytes, rtx.payloadAt());
    System.arraycopy(bytes, offset, bytes, offset + 2, rtx.payloadAt() - offset);
    if (!rtx.wrap(bytes, offset + 2, length - 2)) {
      return false;
    }
    rtx.payloadType(payloadType);
    rtx.ssrc(ssrc);
    rtx.sequence(original);
    return true;
  }

  /**
   * Writes the payload of a retransmission: the original sequence number, then the payload. The
   * writer stands behind the header, which has the RTX stream's own payload type, source and
   * sequence number and the original's timestamp and marker.
   */
  public static RtpWriter payload(RtpWriter writer, RtpView original) {
    return writer
        .payload16(original.sequence())
        .payload(original.bytes(), original.payloadAt(), original.payloadLength());
  }
}
