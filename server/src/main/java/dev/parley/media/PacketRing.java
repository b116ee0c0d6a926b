package dev.parley.media;

/**
 * The last packets of one stream, for whoever asks for one again. Holds as many as its bytes allow,
 * up to 1024, and grows while they last less than a second. Makes no object per packet.
 */
final class PacketRing {
  /** The packet is not here any more. */
  static final int GONE = -1;

  private static final int SLOTS = 1024;
  private static final int BYTES_MIN = 1 << 16;
  private static final int BYTES_MAX = 1 << 20;
  private static final long SPAN_NANOS = 1_000_000_000L;

  private byte[] bytes = new byte[BYTES_MIN];
  private final long[] starts = new long[SLOTS];
  private final int[] tags = new int[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private long head;
  private long roundNanos;

  void store(int sequence, byte[] from, int offset, int length, long nowNanos) {
    var at = (int) (head % bytes.length);
    if (at + length > bytes.length) {
      // Packets lie in one piece.
      head += bytes.length - at;
      at = 0;
      if (nowNanos - roundNanos < SPAN_NANOS && bytes.length < BYTES_MAX) {
        grow();
      }
      roundNanos = nowNanos;
    }
    System.arraycopy(from, offset, bytes, at, length);
    var slot = sequence & (SLOTS - 1);
    starts[slot] = head;
    tags[slot] = sequence + 1;
    lengths[slot] = length;
    head += length;
  }

  /** What was held is lost; that happens a few times at the begin of a stream. */
  private void grow() {
    bytes = new byte[bytes.length * 2];
    head = 0;
    java.util.Arrays.fill(tags, 0);
  }

  /** Where a packet lies in {@link #bytes}, or {@link #GONE}. */
  int find(int sequence) {
    var slot = sequence & (SLOTS - 1);
    return tags[slot] == sequence + 1 && head - starts[slot] <= bytes.length
        ? (int) (starts[slot] % bytes.length)
        : GONE;
  }

  /** The length of a packet that was found. */
  int length(int sequence) {
    return lengths[sequence & (SLOTS - 1)];
  }

  byte[] bytes() {
    return bytes;
  }
}
