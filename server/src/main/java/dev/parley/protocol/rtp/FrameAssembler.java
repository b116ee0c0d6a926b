package dev.parley.protocol.rtp;

import org.jspecify.annotations.Nullable;

/**
 * Makes encoded frames out of the packets of one stream. Waits a while for packets that are late or
 * come again; what does not come is given up, and video then goes on with the next key frame. Not
 * thread-safe.
 */
public final class FrameAssembler {
  private static final int SLOTS = 1024;

  /** Hears of frames. */
  public interface Frames {
    /**
     * A whole frame, in order.
     *
     * @param timestamp of RTP, 32 bits
     * @param afterGap whether something before it is missing
     */
    void frame(Codec codec, byte[] bytes, int timestamp, boolean keyFrame, boolean afterGap);

    /** Video cannot go on without a key frame. */
    void keyFrameNeeded();
  }

  private record Packet(
      long index, Codec codec, byte[] payload, int timestamp, boolean marker, boolean keyFrame) {}

  private final Frames frames;
  private final long waitNanos;
  private final @Nullable Packet[] slots = new @Nullable Packet[SLOTS];
  private final FramePayload payload = new FramePayload();
  private final RedView red = new RedView();
  private long next = -1;
  private long newest = -1;
  private long waitingSince = -1;
  private boolean afterGap;
  private boolean needsKeyFrame;

  /**
   * Begins with no packet.
   *
   * @param waitNanos how long a missing packet is waited for
   */
  public FrameAssembler(Frames frames, long waitNanos) {
    this.frames = frames;
    this.waitNanos = waitNanos;
  }

  /**
   * A packet.
   *
   * @param index the sequence number without wraps
   * @param keyFrame whether a key frame begins here
   */
  public void packet(long index, Codec codec, RtpView packet, boolean keyFrame, long nowNanos) {
    if (next < 0) {
      next = index;
      newest = index - 1;
    }
    if (index < next) {
      return;
    }
    if (index >= next + SLOTS) {
      giveUp(index);
    }
    var kind = codec;
    var from = packet.payloadAt();
    var length = packet.payloadLength();
    if (codec == Codec.RED_AUDIO) {
      if (!red.wrap(packet.bytes(), from, length)) {
        return;
      }
      kind = Codec.OPUS;
      from = red.start(red.primary());
      length = red.length(red.primary());
    }
    var bytes = java.util.Arrays.copyOfRange(packet.bytes(), from, from + length);
    slots[(int) (index % SLOTS)] =
        new Packet(index, kind, bytes, packet.timestamp(), packet.marker(), keyFrame);
    newest = Math.max(newest, index);
    drain(nowNanos);
  }

  /** Time passes: what is waited for in vain is given up. */
  public void tick(long nowNanos) {
    if (next >= 0) {
      drain(nowNanos);
    }
  }

  private void drain(long nowNanos) {
    while (next <= newest) {
      var first = at(next);
      if (first != null && needsKeyFrame && !first.keyFrame()) {
        free(next++);
        continue;
      }
      var end = first == null ? -1 : lastOfFrame(next);
      if (end < 0) {
        if (!isOverdue(nowNanos)) {
          return;
        }
        skip();
        continue;
      }
      waitingSince = -1;
      needsKeyFrame = false;
      emit(end);
    }
    waitingSince = -1;
  }

  /** Whether the missing packet was waited for long enough. */
  private boolean isOverdue(long nowNanos) {
    if (waitingSince < 0) {
      waitingSince = nowNanos;
    }
    return nowNanos - waitingSince >= waitNanos;
  }

  /** The frame's last packet, or -1 while it is not whole. */
  private long lastOfFrame(long from) {
    for (var index = from; index <= newest; index++) {
      var packet = at(index);
      if (packet == null) {
        return -1;
      }
      if (packet.marker() || !packet.codec().isVideo()) {
        return index;
      }
      var following = at(index + 1);
      if (following != null && following.timestamp() != packet.timestamp()) {
        return index;
      }
    }
    return -1;
  }

  private void emit(long end) {
    var first = java.util.Objects.requireNonNull(at(next));
    payload.begin();
    var sound = true;
    var keyFrame = false;
    for (; next <= end; next++) {
      var packet = java.util.Objects.requireNonNull(at(next));
      sound &= payload.add(packet.codec(), packet.payload());
      keyFrame |= packet.keyFrame();
      free(next);
    }
    if (!sound) {
      lose(first.codec());
      return;
    }
    frames.frame(first.codec(), payload.end(), first.timestamp(), keyFrame, afterGap);
    afterGap = false;
  }

  /** Goes on behind what is missing: voice with the next packet, video with a key frame. */
  private void skip() {
    waitingSince = -1;
    var codec = Codec.OPUS;
    var begin = next;
    // A frame that lacks its end is given up with its begin.
    do {
      var packet = at(next);
      if (packet != null) {
        codec = packet.codec();
        if (next > begin && (!codec.isVideo() || packet.keyFrame())) {
          break;
        }
      }
      free(next++);
    } while (next <= newest);
    lose(codec);
  }

  private void lose(Codec codec) {
    afterGap = true;
    if (codec.isVideo()) {
      needsKeyFrame = true;
      frames.keyFrameNeeded();
    }
  }

  private void giveUp(long index) {
    var last = at(newest);
    java.util.Arrays.fill(slots, null);
    next = index;
    newest = index - 1;
    waitingSince = -1;
    lose(last == null ? Codec.OPUS : last.codec());
  }

  private @Nullable Packet at(long index) {
    var packet = slots[(int) (index % SLOTS)];
    return packet != null && packet.index() == index ? packet : null;
  }

  private void free(long index) {
    slots[(int) (index % SLOTS)] = null;
  }
}
