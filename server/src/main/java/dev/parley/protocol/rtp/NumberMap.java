package dev.parley.protocol.rtp;

import java.util.Arrays;

/**
 * Numbers of what comes in to numbers of what goes out, without a gap where something was dropped
 * or where the source changed: sequence numbers, or picture ids. Remembers the last 1024 either
 * way, so that late packets keep their place and a NACK finds what it asks for. Makes no object per
 * packet; not thread-safe.
 */
public final class NumberMap {
  /** There is no such number: dropped, too old, or from before the switch. */
  public static final int NONE = -1;

  private static final int RING = 1024;
  private static final int DROPPED = 1 << 31;

  private final int bits;
  private final int mask;
  private final int ring;
  // By incoming number: the number itself plus one, and what became of it.
  private final int[] inTags;
  private final int[] outs;
  // By outgoing number: the number itself plus one, the source and what came in.
  private final int[] outTags;
  private final int[] origins;

  private int newestIn;
  private int newestOut;
  private int offset;
  private int source;
  private boolean started;

  private NumberMap(int bits) {
    this.bits = bits;
    mask = (1 << bits) - 1;
    ring = Math.min(RING, 1 << (bits - 1));
    inTags = new int[ring];
    outs = new int[ring];
    outTags = new int[ring];
    origins = new int[ring];
  }

  /** For sequence numbers. */
  public static NumberMap ofSequences() {
    return new NumberMap(16);
  }

  /** For numbers of 7 to 16 bits. */
  public static NumberMap ofBits(int bits) {
    if (bits < 7 || bits > 16) {
      throw new IllegalArgumentException("Numbers of " + bits + " bits");
    }
    return new NumberMap(bits);
  }

  /**
   * From here on numbers come from another source, beginning with this one, which goes out right
   * after the last. Older ones of the new source are refused.
   *
   * @param source 0 to 32767, what {@link #originSource} will say
   */
  public void switchTo(int source, int firstIn) {
    Arrays.fill(inTags, 0);
    this.source = source & 0x7fff;
    newestIn = firstIn - 1 & mask;
    if (!started) {
      started = true;
      newestOut = newestIn;
    }
    offset = newestOut - newestIn & mask;
  }

  /** The number under which this one goes out, or {@link #NONE} when it must not. */
  public int forward(int in) {
    if (!started) {
      switchTo(0, in);
    }
    advance(in);
    var slot = in & ring - 1;
    return inTags[slot] != in + 1 || outs[slot] == DROPPED ? NONE : outs[slot];
  }

  /** This one does not go out; the next one takes its place. */
  public void drop(int in) {
    if (!started) {
      switchTo(0, in);
    }
    var newest = Sequences.apart(newestIn, in, bits) > 0;
    advance(in);
    var slot = in & ring - 1;
    if (inTags[slot] != in + 1 || outs[slot] == DROPPED) {
      return;
    }
    if (newest) {
      // Nothing has gone out behind it: its number is free again.
      outTags[outs[slot] & ring - 1] = 0;
      offset = offset - 1 & mask;
      newestOut = newestOut - 1 & mask;
    }
    outs[slot] = DROPPED;
  }

  /** A number for something of our own, such as padding, right after the last. */
  public int insert() {
    started = true;
    newestOut = newestOut + 1 & mask;
    offset = offset + 1 & mask;
    outTags[newestOut & ring - 1] = 0;
    return newestOut;
  }

  /** What came in under the number that went out so, or {@link #NONE}. */
  public int origin(int out) {
    var slot = out & ring - 1;
    return outTags[slot] == out + 1 ? origins[slot] & 0xffff : NONE;
  }

  /** Of which source it was, or {@link #NONE}. */
  public int originSource(int out) {
    var slot = out & ring - 1;
    return outTags[slot] == out + 1 ? origins[slot] >>> 16 : NONE;
  }

  /** The last number that went out, or was left free for a packet that is late. */
  public int newestOut() {
    return newestOut;
  }

  /** Takes this number and those that it jumps over; they may still come. */
  private void advance(int in) {
    var ahead = Sequences.apart(newestIn, in, bits);
    for (var number = Math.max(1, ahead - ring + 1); number <= ahead; number++) {
      var next = newestIn + number & mask;
      var out = next + offset & mask;
      inTags[next & ring - 1] = next + 1;
      outs[next & ring - 1] = out;
      outTags[out & ring - 1] = out + 1;
      origins[out & ring - 1] = source << 16 | next;
    }
    if (ahead > 0) {
      newestIn = in;
      newestOut = in + offset & mask;
    }
  }
}
