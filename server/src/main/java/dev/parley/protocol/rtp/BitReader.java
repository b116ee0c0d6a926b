package dev.parley.protocol.rtp;

/** Reads bits; past the end it reads zeros and says so with {@link #isOver}. */
final class BitReader {
  private byte[] bytes = new byte[0];
  private long at;
  private long end;

  void wrap(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    at = 8L * offset;
    end = at + 8L * length;
  }

  /** Whether more was read than there was. */
  boolean isOver() {
    return at > end;
  }

  boolean flag() {
    return bits(1) != 0;
  }

  /** A number of 0 to 32 bits. */
  int bits(int count) {
    var value = 0;
    for (var i = 0; i < count; i++) {
      var bit = at < end ? bytes[(int) (at >> 3)] >> (7 - (int) (at & 7)) & 1 : 0;
      value = value << 1 | bit;
      at++;
    }
    return value;
  }

  /** A number below {@code n}: {@code ns(n)} of the AV1 specification, section 4.10.7. */
  int below(int n) {
    var width = 32 - Integer.numberOfLeadingZeros(n);
    var shorter = (1 << width) - n;
    var value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }
}
