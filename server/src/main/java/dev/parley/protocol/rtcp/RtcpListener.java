package dev.parley.protocol.rtcp;

/** Hears what a compound packet says. What is not of interest is not overridden. */
public interface RtcpListener {
  /**
   * A sender report (RFC 3550 section 6.4.1); its reception reports follow.
   *
   * @param ntp seconds since 1900, 32.32 fixed point
   * @param rtp the same moment as an RTP timestamp
   */
  default void senderReport(int ssrc, long ntp, int rtp, int packets, int octets) {}

  /**
   * One block of a sender or receiver report.
   *
   * @param reporter who sends the report
   * @param ssrc the source that is reported on
   * @param fractionLost lost since the last report, in 1/256
   * @param packetsLost lost since the begin; negative when packets came twice
   * @param highestSequence with the count of wraps in its upper half
   * @param jitter in units of the timestamp
   * @param lastReport the middle of the NTP time of the last sender report, 0 for none
   * @param delay since that report, in 1/65536 seconds
   */
  default void receptionReport(
      int reporter,
      int ssrc,
      int fractionLost,
      int packetsLost,
      int highestSequence,
      int jitter,
      int lastReport,
      int delay) {}

  /** The name of a source (RFC 3550 section 6.5.1), as UTF-8. */
  default void canonicalName(int ssrc, byte[] bytes, int at, int length) {}

  /** A source leaves (RFC 3550 section 6.6). */
  default void bye(int ssrc) {}

  /**
   * A generic NACK's entry (RFC 4585 section 6.2.1).
   *
   * @param sequence a lost packet
   * @param following bit i is set when the packet {@code sequence + 1 + i} is lost as well
   */
  default void nack(int sender, int ssrc, int sequence, int following) {}

  /** A picture was lost: a key frame is wanted (RFC 4585 section 6.3.1). */
  default void pictureLoss(int sender, int ssrc) {}

  /**
   * A key frame is wanted (RFC 5104 section 4.3.1).
   *
   * @param number repeated requests have the same number
   */
  default void fullIntraRequest(int sender, int ssrc, int number) {}

  /** The receiver's estimate (REMB) for all streams together. */
  default void maximumBitrate(int sender, long bitsPerSecond) {}

  /** Transport-wide feedback; the view is used again after the call. */
  default void transportFeedback(TransportFeedback feedback) {}

  /** A receiver that sends nothing says what time it is (RFC 3611 section 4.4). */
  default void receiverReferenceTime(int sender, long ntp) {}
}
