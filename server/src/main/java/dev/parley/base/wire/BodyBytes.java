package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A body as it comes in. It grows with what has come, never to more than was announced, so that a
 * large body is copied once and an announcement alone takes no memory.
 */
final class BodyBytes {
  private final long announced;
  private byte[] bytes = {};
  private int count;

  /**
   * @param announced how long it will be, or less than 0 when nobody knows
   */
  BodyBytes(long announced) {
    this.announced = announced;
  }

  void add(ByteBuf more) {
    var length = more.readableBytes();
    var needed = count + length;
    if (needed > bytes.length) {
      var wanted = Math.max(needed, 2L * bytes.length);
      var room = announced < needed ? wanted : Math.min(wanted, announced);
      bytes = Arrays.copyOf(bytes, (int) Math.min(room, Integer.MAX_VALUE - 8));
    }
    more.readBytes(bytes, count, length);
    count = needed;
  }

  /** All of it; without a copy when it is as long as was announced. */
  byte[] whole() {
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }
}
