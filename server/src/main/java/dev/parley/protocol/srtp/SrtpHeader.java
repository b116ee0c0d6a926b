package dev.parley.protocol.srtp;

/** The few places of a packet's header that protection has to know. */
final class SrtpHeader {
  static final int RTCP_CLEAR_BYTES = 8;

  private SrtpHeader() {}

  /** The bytes that stay readable (RFC 3711 section 3.1), or -1 for a malformed packet. */
  static int clearBytes(byte[] bytes, int at, int length) {
    if (length < 12 || (bytes[at] & 0xC0) != 0x80) {
      return -1;
    }
    var clear = 12 + 4 * (bytes[at] & 0x0f);
    if ((bytes[at] & 0x10) != 0) {
      if (clear + 4 > length) {
        return -1;
      }
      clear += 4 + 4 * u16(bytes, at + clear + 2);
    }
    return clear > length ? -1 : clear;
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }
}
