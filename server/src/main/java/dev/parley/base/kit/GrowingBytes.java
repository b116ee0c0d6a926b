package dev.parley.base.kit;

import java.util.Arrays;

/**
 * Bytes as they come in. The room for them doubles with what has come, and is as large as was
 * announced once a quarter is there: a large body is hardly copied, and an announcement alone takes
 * no memory.
 */
public final class GrowingBytes {
  private static final int ROOM_MIN = 1 << 10;
  private static final int ROOM_MAX = Integer.MAX_VALUE - 8;

  private final long announced;
  private byte[] bytes = {};
  private int count;

  /**
   * @param announced how many there will be, or less than 0 when nobody knows
   */
  public GrowingBytes(long announced) {
    this.announced = announced;
  }

  /** Puts bytes into an array, from a place on. */
  @FunctionalInterface
  public interface Filling {
    void fill(byte[] into, int at);
  }

  /** Adds so many bytes. */
  public void add(int length, Filling filling) {
    makeRoom(length);
    filling.fill(bytes, count);
    count += length;
  }

  /** Adds one byte. */
  public void add(byte one) {
    if (count == bytes.length) {
      makeRoom(1);
    }
    bytes[count++] = one;
  }

  private void makeRoom(int length) {
    var needed = (long) count + length;
    if (needed > bytes.length) {
      var doubled = Math.max(Math.max(needed, 2L * bytes.length), ROOM_MIN);
      var isNear = announced >= needed && announced / 4 <= needed;
      bytes = Arrays.copyOf(bytes, (int) Math.min(isNear ? announced : doubled, ROOM_MAX));
    }
  }

  public int count() {
    return count;
  }

  /** All of them, which are forgotten here; without a copy when there are as many as announced. */
  public byte[] take() {
    var whole = count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    bytes = new byte[0];
    count = 0;
    return whole;
  }
}
