package dev.parley.protocol.rtcp;

/**
 * A transport-wide feedback packet where it lies
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1): which packets came, and when.
 */
public final class TransportFeedback {
  /** A tick of arrival times: 250 microseconds. */
  public static final long TICK_NANOS = 250_000;

  /** The reference time counts 64 ms. */
  static final int REFERENCE_TICKS = 256;

  /** Hears each packet in order of its number. */
  public interface Packets {
    /**
     * One packet.
     *
     * @param number its transport-wide number, 16 bits
     * @param ticks when it came, in {@link #TICK_NANOS} of the receiver's clock; meaningless when
     *     it did not
     */
    void packet(int number, boolean received, long ticks);
  }

  private byte[] bytes = new byte[0];
  private int at;
  private int deltasAt;
  private int end;

  /** Looks at a whole RTCP packet without padding; false when it is malformed. */
  boolean wrap(byte[] bytes, int at, int end) {
    if (end - at < 20) {
      return false;
    }
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    var left = packets();
    var deltaBytes = 0L;
    var chunk = at + 20;
    while (left > 0) {
      if (end - chunk < 2) {
        return false;
      }
      var word = Words.u16(bytes, chunk);
      var symbols = Math.min(left, symbols(word));
      if (symbols == 0) {
        return false;
      }
      for (var i = 0; i < symbols; i++) {
        var symbol = symbol(word, i);
        if (symbol == 3) {
          return false;
        }
        deltaBytes += symbol;
      }
      left -= symbols;
      chunk += 2;
    }
    deltasAt = chunk;
    return deltaBytes <= end - chunk;
  }

  public int sender() {
    return Words.i32(bytes, at + 4);
  }

  public int ssrc() {
    return Words.i32(bytes, at + 8);
  }

  /** The first packet's transport-wide number. */
  public int base() {
    return Words.u16(bytes, at + 12);
  }

  /** How many packets are reported on. */
  public int packets() {
    return Words.u16(bytes, at + 14);
  }

  /** The reference time in units of 64 ms, 24 bits with sign. */
  public int reference() {
    return Words.i24(bytes, at + 16);
  }

  /** Counts the feedback packets, 8 bits: a gap shows that one was lost. */
  public int count() {
    return Words.u8(bytes, at + 19);
  }

  /** Tells each packet. */
  public void read(Packets packets) {
    var ticks = (long) reference() * REFERENCE_TICKS;
    var number = base();
    var left = packets();
    var delta = deltasAt;
    for (var chunk = at + 20; left > 0 && chunk < deltasAt; chunk += 2) {
      var word = Words.u16(bytes, chunk);
      var symbols = Math.min(left, symbols(word));
      for (var i = 0; i < symbols; i++) {
        var symbol = symbol(word, i);
        if (delta + symbol > end) {
          return;
        }
        if (symbol == 1) {
          ticks += Words.u8(bytes, delta);
        } else if (symbol == 2) {
          ticks += (short) Words.u16(bytes, delta);
        }
        delta += symbol;
        packets.packet(number, symbol != 0, ticks);
        number = number + 1 & 0xffff;
      }
      left -= symbols;
    }
  }

  /** How many packets a chunk speaks of (sections 3.1.3 and 3.1.4). */
  private static int symbols(int word) {
    if ((word & 0x8000) == 0) {
      return word & 0x1fff;
    }
    return (word & 0x4000) == 0 ? 14 : 7;
  }

  /** 0 for a lost packet, else the bytes of its delta; 3 is reserved. */
  private static int symbol(int word, int index) {
    if ((word & 0x8000) == 0) {
      return word >> 13 & 3;
    }
    return (word & 0x4000) == 0 ? word >> (13 - index) & 1 : word >> (12 - 2 * index) & 3;
  }
}
