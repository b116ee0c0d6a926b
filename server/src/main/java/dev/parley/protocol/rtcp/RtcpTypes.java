package dev.parley.protocol.rtcp;

/** The packet types and feedback formats (IANA, RTP parameters). */
final class RtcpTypes {
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int BYE = 203;
  static final int TRANSPORT_FEEDBACK = 205;
  static final int PAYLOAD_FEEDBACK = 206;
  static final int EXTENDED_REPORT = 207;

  /** Of transport feedback. */
  static final int NACK = 1;

  static final int TRANSPORT_CC = 15;

  /** Of payload feedback. */
  static final int PLI = 1;

  static final int FIR = 4;
  static final int APPLICATION = 15;

  /** "REMB". */
  static final int REMB = 0x52454d42;

  /** Of extended reports (RFC 3611 sections 4.4 and 4.5). */
  static final int RECEIVER_REFERENCE_TIME = 4;

  static final int DLRR = 5;

  private RtcpTypes() {}
}
