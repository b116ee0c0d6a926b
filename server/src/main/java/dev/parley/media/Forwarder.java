package dev.parley.media;

import dev.parley.protocol.rtcp.RtcpWriter;
import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.DependencyDescriptor;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.NumberMap;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.PictureContinuity;
import dev.parley.protocol.rtp.RedView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.Sequences;
import dev.parley.protocol.rtp.Unwrapper;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.PayloadFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing stream: takes the packets of one source at a time and makes them one stream without
 * a seam, under its own source number, sequence numbers, timestamps and extension ids. Changes
 * between sources and layers happen at key frames only.
 */
final class Forwarder {
  /** What is handed on as the sender said it; the rest is ours to say, or nobody's. */
  private static final ExtensionKind[] HANDED_ON = {
    ExtensionKind.AUDIO_LEVEL,
    ExtensionKind.VIDEO_ORIENTATION,
    ExtensionKind.PLAYOUT_DELAY,
    ExtensionKind.VIDEO_CONTENT_TYPE,
    ExtensionKind.ABS_CAPTURE_TIME
  };

  /** How many packets back a retransmission finds what it was sent as. */
  private static final int SENT = 1024;

  /** A multiple of four, as large as padding can be (RFC 3550 section 5.1). */
  private static final int PADDING_BYTES = 252;

  final AgreedMedia section;
  final int ssrc;
  final int retransmissionSsrc;
  final ForwarderStatistics statistics = new ForwarderStatistics();
  private final Outlet outlet;
  private final NumberMap sequences = NumberMap.ofSequences();
  private final Unwrapper indexes = Unwrapper.ofSequences();
  private final PictureContinuity pictures = new PictureContinuity();
  private final LayerFilter layers;
  private final RedView red = new RedView();
  private final boolean[] ended = new boolean[SENT];
  private final int dependencyOut;
  private @Nullable Codec shownCodec;
  private String shownStream = "";
  private String shownLayer = "";
  private int dependencyIn;
  private int plainRed = PayloadFormat.NONE;
  private int frameOffset;
  private int lastFrame = -1;
  private final int[] types = new int[128];
  private final int[] retransmissionTypes = new int[128];
  private final int congestionId;
  private final int sendTimeId;
  private byte[] extensionIds = new byte[256];
  private @Nullable Track track;
  private @Nullable Receiver current;
  private @Nullable Receiver target;
  private int timestampOffset;
  private int lastTimestamp;
  private long lastNanos;
  private long retransmissionIndex;

  Forwarder(
      Outlet outlet, AgreedMedia section, int ssrc, int retransmissionSsrc, int firstSequence) {
    this.outlet = outlet;
    this.section = section;
    this.ssrc = ssrc;
    this.retransmissionSsrc = retransmissionSsrc;
    congestionId = section.extensions().id(ExtensionKind.TRANSPORT_CC);
    dependencyOut = section.extensions().id(ExtensionKind.DEPENDENCY_DESCRIPTOR);
    layers = new LayerFilter(dependencyOut != 0);
    sendTimeId = section.extensions().id(ExtensionKind.ABS_SEND_TIME);
    // The first number lies low: a receiver that misses the first packets must not miss the wrap
    // (RFC 3711 section 3.3.1).
    sequences.switchTo(0, firstSequence);
    Arrays.fill(types, -1);
  }

  /** Shows another track from its next key frame on, or nothing. */
  void bind(@Nullable Track wanted) {
    if (wanted == track) {
      return;
    }
    if (track != null) {
      track.remove(this);
    }
    track = wanted;
    current = null;
    target = null;
    Arrays.fill(types, -1);
    if (wanted != null) {
      dependencyIn = wanted.section.extensions().id(ExtensionKind.DEPENDENCY_DESCRIPTOR);
      extensionIds = wanted.section.extensions().to(section.extensions(), HANDED_ON);
      FormatMatch.fill(wanted.section.formats(), section.formats(), types, retransmissionTypes);
      plainRed = FormatMatch.fillRed(wanted.section.formats(), types);
      wanted.add(this);
    }
  }

  @Nullable Track track() {
    return track;
  }

  @Nullable Receiver current() {
    return current;
  }

  @Nullable Receiver target() {
    return target;
  }

  /**
   * Which layer is wanted; the current one goes on until a key frame of it comes. Null pauses.
   *
   * @param spatial the highest spatial layer that is sent
   * @param temporal the highest temporal layer that is sent
   */
  void aim(@Nullable Receiver wanted, int spatial, int temporal) {
    layers.limit(spatial, temporal);
    if (wanted == target) {
      if (wanted != null && layers.waitsForKeyFrame()) {
        wanted.requestKeyFrame();
      }
      return;
    }
    target = wanted;
    if (wanted == null) {
      current = null;
    } else if (wanted != current) {
      wanted.requestKeyFrame();
    }
  }

  /** Something was left out: goes on with a key frame. */
  void restart() {
    current = null;
    if (target != null) {
      target.requestKeyFrame();
    }
  }

  /** The viewer cannot go on without a key frame. */
  void wantsKeyFrame() {
    statistics.pictureLosses++;
    var wanted = current == null ? target : current;
    if (wanted != null) {
      wanted.requestKeyFrame();
    }
    if (target != null && target != current) {
      target.requestKeyFrame();
    }
  }

  void forward(Receiver receiver, RtpView packet, PayloadView payload, Codec codec, long nowNanos) {
    var type = types[packet.payloadType()];
    if (type < 0 || !outlet.isReady()) {
      return;
    }
    if (receiver != current) {
      if (receiver != target
          || !payload.isKeyFrame()
          || (codec == Codec.VP8 && !payload.isFrameStart())) {
        return;
      }
      switchTo(receiver, packet, payload, codec, nowNanos);
    }
    if (!layers.takes(payload, codec)) {
      sequences.drop(packet.sequence());
      if (codec == Codec.VP8) {
        pictures.drop(payload.vp8());
      }
      return;
    }
    var sequence = sequences.forward(packet.sequence());
    var index = sequence == NumberMap.NONE ? -1 : indexes.peek(sequence);
    if (index < 0) {
      statistics.unplaced++;
      return;
    }
    indexes.unwrap(sequence);
    var ends = packet.marker() || layers.endsPicture(payload, codec);
    ended[sequence % SENT] = ends;
    var timestamp = packet.timestamp() + timestampOffset;
    var writer = outlet.scratch().writer;
    writer
        .begin(outlet.draft(), 0, outlet.draft().length, isLong(packet))
        .header(ends, type, sequence, timestamp, ssrc);
    extensions(packet, nowNanos);
    var length = payload(packet, codec);
    if (length < 0) {
      statistics.unplaced++;
      return;
    }
    if (timestamp - lastTimestamp > 0 || statistics.packets == 0) {
      lastTimestamp = timestamp;
      lastNanos = nowNanos;
      if (section.video()) {
        statistics.frame(nowNanos);
      }
    }
    statistics.packet(length, packet.payloadLength(), nowNanos);
    outlet.send(length, index, congestionId != 0, nowNanos);
  }

  /** The codec of what was shown last; null before. */
  @Nullable Codec codec() {
    return shownCodec;
  }

  /** Whose stream was shown last; empty text before. */
  String shownStream() {
    return shownStream;
  }

  /** The simulcast layer that was shown last. */
  String shownLayer() {
    return shownLayer;
  }

  /** Whether the viewer is told which frame is of which layer. */
  boolean describes() {
    return dependencyOut != 0;
  }

  LayerFilter layers() {
    return layers;
  }

  /** Whether its dependency descriptor needs the two-byte form (RFC 8285 section 4.3). */
  private boolean isLong(RtpView packet) {
    if (dependencyOut == 0) {
      return false;
    }
    var at = packet.extension(dependencyIn);
    return at != RtpView.NONE && packet.extensionLength(at) > 16;
  }

  private void extensions(RtpView packet, long nowNanos) {
    var writer = outlet.scratch().writer;
    writer
        .extensions(packet, extensionIds)
        .transportCc(congestionId, congestionId == 0 ? 0 : outlet.nextCongestionNumber())
        .absSendTime(sendTimeId, nowNanos);
    var at = dependencyOut == 0 ? RtpView.NONE : packet.extension(dependencyIn);
    if (at != RtpView.NONE && packet.extensionLength(at) >= 3) {
      var frame = DependencyDescriptor.frameNumber(packet.bytes(), at) + frameOffset & 0xffff;
      writer.dependency(dependencyOut, packet.bytes(), at, packet.extensionLength(at), frame);
      if (lastFrame < 0 || Sequences.apart(lastFrame, frame) > 0) {
        lastFrame = frame;
      }
    }
  }

  /** Writes the payload as it goes out and ends the packet; negative when it cannot go out. */
  private int payload(RtpView packet, Codec codec) {
    var scratch = outlet.scratch();
    var at = scratch.writer.position();
    var from = packet.payloadAt();
    var size = packet.payloadLength();
    if (codec == Codec.RED_AUDIO && packet.payloadType() == plainRed) {
      // The viewer takes no redundancy: it gets the primary block (RFC 2198 section 3).
      if (!red.wrap(packet.bytes(), from, size)) {
        return -1;
      }
      from = red.start(red.primary());
      size = red.length(red.primary());
    }
    var length = scratch.writer.payload(packet.bytes(), from, size).end();
    if (length < 0) {
      return -1;
    }
    var numbered =
        switch (codec) {
          case VP8 -> scratch.vp8.wrap(outlet.draft(), at, size) && pictures.rewrite(scratch.vp8);
          case VP9 -> scratch.vp9.wrap(outlet.draft(), at, size) && pictures.rewrite(scratch.vp9);
          default -> true;
        };
    return numbered ? length : -1;
  }

  /** When the sender made what went out with this timestamp, in milliseconds since 1970; else 0. */
  long capturedMillis(int timestamp) {
    var shown = current;
    return shown == null || !shown.clock.knows(shown.ssrc) || shown.codec() == null
        ? 0
        : shown.clock.millisOf(timestamp - timestampOffset, shown.codec().clockRate());
  }

  private void switchTo(
      Receiver receiver, RtpView packet, PayloadView payload, Codec codec, long nowNanos) {
    sequences.switchTo(receiver.number, packet.sequence());
    if (codec == Codec.VP8) {
      pictures.switchTo(payload.vp8());
    } else if (codec == Codec.VP9) {
      pictures.switchTo(payload.vp9());
    }
    if (payload.isDescribed() && lastFrame >= 0) {
      frameOffset = lastFrame + 1 - payload.dependency().frameNumber();
    }
    if (statistics.packets > 0) {
      // As much later as it is later: the picture neither jumps nor stands.
      var passed = (nowNanos - lastNanos) / 1_000 * codec.clockRate() / 1_000_000;
      timestampOffset = lastTimestamp + (int) Math.max(1, passed) - packet.timestamp();
    }
    layers.begin();
    current = receiver;
    shownCodec = codec;
    shownStream = receiver.track.publisher.stream;
    shownLayer = receiver.rid;
    statistics.switches++;
  }

  /** A packet of the source that is not worth sending: its number is given to the next one. */
  void skip(Receiver receiver, RtpView packet) {
    if (receiver == current) {
      sequences.drop(packet.sequence());
    }
  }

  /**
   * The viewer lacks a packet: it goes out again as a retransmission, if it is still there. Returns
   * its bytes.
   */
  int repair(int sequence, long nowNanos) {
    statistics.nacked++;
    return again(sequence, nowNanos);
  }

  /** Sends the last packet again, to find out what the connection carries; returns its bytes. */
  int pad(long nowNanos) {
    var bytes = again(sequences.newestOut(), nowNanos);
    return bytes > 0 ? bytes : padding(nowNanos);
  }

  /** There is nothing to send again, as while the picture is paused: a packet of nothing goes. */
  private int padding(long nowNanos) {
    var type = track == null ? -1 : FormatMatch.firstRetransmission(retransmissionTypes);
    if (type < 0 || !outlet.mayRepair(PADDING_BYTES)) {
      return 0;
    }
    var index = ++retransmissionIndex;
    var draft = outlet.draft();
    var length =
        outlet
            .scratch()
            .writer
            .begin(draft, 0, draft.length, false)
            .header(false, type, (int) index & 0xffff, lastTimestamp, retransmissionSsrc)
            .transportCc(congestionId, congestionId == 0 ? 0 : outlet.nextCongestionNumber())
            .absSendTime(sendTimeId, nowNanos)
            .padding(PADDING_BYTES)
            .end();
    if (length < 0) {
      return 0;
    }
    outlet.send(length, index, congestionId != 0, nowNanos);
    return length;
  }

  private int again(int sequence, long nowNanos) {
    var receiver = current;
    if (receiver == null
        || receiver.ring == null
        || sequences.originSource(sequence) != receiver.number) {
      return 0;
    }
    var ring = receiver.ring;
    var original = sequences.origin(sequence);
    var at = ring.find(original);
    var packet = outlet.scratch().stored;
    if (at == PacketRing.GONE || !packet.wrap(ring.bytes(), at, ring.length(original))) {
      return 0;
    }
    var type = types[packet.payloadType()];
    if (type < 0 || retransmissionTypes[type] <= 0 || !outlet.mayRepair(packet.length())) {
      return 0;
    }
    // Under the retransmission's own numbers: the first ones must never seal another content.
    var index = ++retransmissionIndex;
    var codec = receiver.track.codec(packet.payloadType());
    outlet
        .scratch()
        .writer
        .begin(outlet.draft(), 0, outlet.draft().length, isLong(packet))
        .header(
            ended[sequence % SENT],
            retransmissionTypes[type],
            (int) index & 0xffff,
            packet.timestamp() + timestampOffset,
            retransmissionSsrc);
    extensions(packet, nowNanos);
    outlet.scratch().writer.payload16(sequence);
    var length = codec == null ? -1 : payload(packet, codec);
    if (length < 0) {
      return 0;
    }
    statistics.retransmitted++;
    outlet.send(length, index, congestionId != 0, nowNanos);
    return length;
  }

  /** Writes a sender report, if the sender's clock is known for what is shown. */
  boolean report(RtcpWriter writer, long nowNanos) {
    var shown = current;
    if (shown == null || !shown.clock.knows(shown.ssrc) || shown.codec() == null) {
      return false;
    }
    var ntp = shown.clock.ntp(nowNanos);
    var rtp = shown.clock.timestamp(nowNanos, shown.codec().clockRate()) + timestampOffset;
    if (!writer.senderReport(
        ssrc, ntp, rtp, (int) statistics.packets, (int) statistics.payloadBytes)) {
      return false;
    }
    statistics.reported((int) (ntp >>> 16), nowNanos);
    return true;
  }
}
