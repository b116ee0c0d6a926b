package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.FrameAssembler;
import dev.parley.protocol.rtp.Unwrapper;
import java.util.Comparator;

/**
 * One track of a tap: forwarded as to a viewer whose connection carries everything, then put
 * together to frames. Belongs to its worker's thread.
 */
final class TapLine implements Outlet, FrameAssembler.Frames {
  /** Long enough for some retransmissions. */
  private static final long WAIT_VIDEO_NANOS = 600_000_000L;

  /** Voice is not sent again; this is for packets that overtake others. */
  private static final long WAIT_AUDIO_NANOS = 100_000_000L;

  final Track track;
  private final Tap tap;
  private final Room room;
  private final Forwarder forwarder;
  private final FrameAssembler assembler;
  private final Unwrapper timestamps = Unwrapper.ofTimestamps();
  private boolean lost;
  private boolean needsKeyFrame;
  private long nowNanos;

  TapLine(Tap tap, Room room, Track track) {
    this.tap = tap;
    this.room = room;
    this.track = track;
    var video = track.section.video();
    assembler = new FrameAssembler(this, video ? WAIT_VIDEO_NANOS : WAIT_AUDIO_NANOS);
    forwarder = new Forwarder(this, track.section, 1, 2, 1);
    forwarder.bind(track);
  }

  /** Time passes: takes the best layer there is, and gives up what does not come. */
  void tick(long now) {
    nowNanos = now;
    track.receivers.stream()
        .filter(receiver -> receiver.isActive(now))
        .max(Comparator.comparingLong(receiver -> receiver.statistics.bitsPerSecond))
        .ifPresent(best -> forwarder.aim(best, LayerFilter.ALL, LayerFilter.ALL));
    assembler.tick(now);
  }

  void end() {
    forwarder.bind(null);
    tap.ended(track.publisher.stream, track.section.mid());
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public Scratch scratch() {
    return room.scratch;
  }

  @Override
  public byte[] draft() {
    return room.worker.draft;
  }

  @Override
  public int nextCongestionNumber() {
    return 0;
  }

  @Override
  public void send(int length, long index, boolean numbered, long now) {
    var packet = room.scratch.stored;
    if (!packet.wrap(draft(), 0, length)) {
      return;
    }
    var codec = track.codec(packet.payloadType());
    var payload = room.scratch.tapped;
    if (codec != null && payload.read(codec, packet)) {
      nowNanos = now;
      assembler.packet(index, codec, packet, payload.isKeyFrame(), now);
    }
  }

  @Override
  public boolean mayRepair(int bytes) {
    return false;
  }

  @Override
  public void frame(Codec codec, byte[] bytes, int timestamp, boolean keyFrame, boolean afterGap) {
    lost |= afterGap;
    var unwrapped = timestamps.unwrap(timestamp);
    if (needsKeyFrame && !keyFrame) {
      tap.drop();
      return;
    }
    var frame =
        new TapEvent.Frame(
            track.publisher.stream,
            track.section.mid(),
            codec,
            bytes,
            keyFrame,
            lost,
            unwrapped,
            nowNanos,
            forwarder.capturedMillis(timestamp));
    if (tap.offer(frame)) {
      lost = false;
      needsKeyFrame = false;
    } else {
      lost = true;
      needsKeyFrame = codec.isVideo();
      if (needsKeyFrame) {
        forwarder.wantsKeyFrame();
      }
    }
  }

  @Override
  public void keyFrameNeeded() {
    forwarder.wantsKeyFrame();
  }
}
