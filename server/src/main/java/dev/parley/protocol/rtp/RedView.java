package dev.parley.protocol.rtp;

/**
 * A payload with redundancy (RFC 2198 section 3) where it lies: older blocks first, the primary one
 * last. Not thread-safe.
 */
public final class RedView {
  /** More blocks than this are malformed for us; browsers send at most two. */
  public static final int BLOCKS_MAX = 16;

  private final int[] payloadTypes = new int[BLOCKS_MAX];
  private final int[] timestampOffsets = new int[BLOCKS_MAX];
  private final int[] starts = new int[BLOCKS_MAX];
  private final int[] lengths = new int[BLOCKS_MAX];
  private int blocks;

  /** Looks at a payload; false when it is malformed. */
  public boolean wrap(byte[] bytes, int offset, int length) {
    blocks = 0;
    var count = 0;
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      return false;
    }
    var end = offset + length;
    var at = offset;
    while (true) {
      if (at >= end || count == BLOCKS_MAX) {
        return false;
      }
      payloadTypes[count] = bytes[at] & 0x7f;
      if ((bytes[at] & 0x80) == 0) {
        at++;
        break;
      }
      if (end - at < 4) {
        return false;
      }
      var word = Bits.u24(bytes, at + 1);
      timestampOffsets[count] = word >> 10;
      lengths[count] = word & 0x3ff;
      count++;
      at += 4;
    }
    for (var i = 0; i < count; i++) {
      starts[i] = at;
      at += lengths[i];
    }
    if (at > end) {
      return false;
    }
    timestampOffsets[count] = 0;
    starts[count] = at;
    lengths[count] = end - at;
    blocks = count + 1;
    return true;
  }

  /** How many blocks there are, the primary one included. */
  public int blocks() {
    return blocks;
  }

  /** The primary block's index. */
  public int primary() {
    return blocks - 1;
  }

  public int payloadType(int block) {
    return payloadTypes[block];
  }

  /** How much older a block is than the packet, in units of the timestamp; 0 for the primary. */
  public int timestampOffset(int block) {
    return timestampOffsets[block];
  }

  public int start(int block) {
    return starts[block];
  }

  public int length(int block) {
    return lengths[block];
  }

  /**
   * The head of a redundant block: four bytes. The offset is below 16384, the length below 1024.
   */
  public static void putHead(
      byte[] bytes, int at, int payloadType, int timestampOffset, int length) {
    bytes[at] = (byte) (0x80 | payloadType);
    Bits.put24(bytes, at + 1, timestampOffset << 10 | length);
  }

  /** The head of the primary block: one byte, after all other heads. */
  public static void putPrimaryHead(byte[] bytes, int at, int payloadType) {
    bytes[at] = (byte) (payloadType & 0x7f);
  }
}
