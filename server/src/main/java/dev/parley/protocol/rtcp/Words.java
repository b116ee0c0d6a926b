package dev.parley.protocol.rtcp;

/** Numbers in network order. The caller has checked the bounds. */
final class Words {
  private Words() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }

  static int u24(byte[] bytes, int at) {
    return u8(bytes, at) << 16 | u16(bytes, at + 1);
  }

  static int i24(byte[] bytes, int at) {
    return u24(bytes, at) << 8 >> 8;
  }

  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  static long i64(byte[] bytes, int at) {
    return (long) i32(bytes, at) << 32 | (i32(bytes, at + 4) & 0xffffffffL);
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static void put24(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 16);
    put16(bytes, at + 1, value);
  }

  static void put32(byte[] bytes, int at, int value) {
    put16(bytes, at, value >> 16);
    put16(bytes, at + 2, value);
  }

  static void put64(byte[] bytes, int at, long value) {
    put32(bytes, at, (int) (value >> 32));
    put32(bytes, at + 4, (int) value);
  }
}
