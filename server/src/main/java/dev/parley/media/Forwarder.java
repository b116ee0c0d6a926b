package dev.parley.media;

import dev.parley.protocol.rtcp.RtcpWriter;
import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.NumberMap;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.Unwrapper;
import dev.parley.protocol.rtp.Vp8Continuity;
import dev.parley.protocol.sdp.AgreedMedia;
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

  private static final int TEMPORAL_ALL = 7;

  final AgreedMedia section;
  final int ssrc;
  final int retransmissionSsrc;
  final ForwarderStatistics statistics = new ForwarderStatistics();
  private final Subscriber subscriber;
  private final NumberMap sequences = NumberMap.ofSequences();
  private final Unwrapper indexes = Unwrapper.ofSequences();
  private final Vp8Continuity vp8 = new Vp8Continuity();
  private final int[] types = new int[128];
  private final int[] retransmissionTypes = new int[128];
  private final int congestionId;
  private final int sendTimeId;
  private byte[] extensionIds = new byte[256];
  private @Nullable Track track;
  private @Nullable Receiver current;
  private @Nullable Receiver target;
  private int temporalMax = TEMPORAL_ALL;
  private int temporalNow = TEMPORAL_ALL;
  private int timestampOffset;
  private int lastTimestamp;
  private long lastNanos;
  private long retransmissionIndex;

  Forwarder(
      Subscriber subscriber,
      AgreedMedia section,
      int ssrc,
      int retransmissionSsrc,
      int firstSequence) {
    this.subscriber = subscriber;
    this.section = section;
    this.ssrc = ssrc;
    this.retransmissionSsrc = retransmissionSsrc;
    congestionId = section.extensions().id(ExtensionKind.TRANSPORT_CC);
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
      extensionIds = wanted.section.extensions().to(section.extensions(), HANDED_ON);
      FormatMatch.fill(wanted.section.formats(), section.formats(), types, retransmissionTypes);
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
   * @param temporal the highest temporal layer that is sent
   */
  void aim(@Nullable Receiver wanted, int temporal) {
    temporalMax = temporal;
    temporalNow = Math.min(temporalNow, temporal);
    if (wanted == target) {
      return;
    }
    target = wanted;
    if (wanted == null) {
      current = null;
    } else if (wanted != current) {
      wanted.requestKeyFrame();
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
    if (type < 0 || !subscriber.isReady()) {
      return;
    }
    var scratch = subscriber.scratch();
    if (receiver != current) {
      if (receiver != target
          || !payload.isKeyFrame()
          || (codec == Codec.VP8 && !payload.isFrameStart())) {
        return;
      }
      switchTo(receiver, packet, payload, codec, nowNanos);
    }
    if (payload.temporalId() > temporalNow) {
      if (payload.temporalId() > temporalMax || !payload.isSwitchPoint()) {
        sequences.drop(packet.sequence());
        if (codec == Codec.VP8) {
          vp8.drop(payload.vp8());
        }
        return;
      }
      temporalNow = payload.temporalId();
    }
    var sequence = sequences.forward(packet.sequence());
    if (sequence == NumberMap.NONE) {
      statistics.unplaced++;
      return;
    }
    var index = indexes.peek(sequence);
    if (index < 0) {
      return;
    }
    indexes.unwrap(sequence);
    var timestamp = packet.timestamp() + timestampOffset;
    var writer = scratch.writer;
    var draft = subscriber.draft();
    writer
        .begin(draft, 0, draft.length, false)
        .header(packet.marker(), type, sequence, timestamp, ssrc)
        .extensions(packet, extensionIds)
        .transportCc(congestionId, congestionId == 0 ? 0 : subscriber.nextCongestionNumber())
        .absSendTime(sendTimeId, nowNanos);
    var payloadAt = writer.position();
    var length = writer.payload(packet.bytes(), packet.payloadAt(), packet.payloadLength()).end();
    if (length < 0
        || (codec == Codec.VP8 && !rewriteVp8(draft, payloadAt, packet.payloadLength()))) {
      statistics.unplaced++;
      return;
    }
    if (timestamp - lastTimestamp > 0 || statistics.packets == 0) {
      lastTimestamp = timestamp;
      lastNanos = nowNanos;
    }
    statistics.packet(length, packet.payloadLength(), nowNanos);
    subscriber.send(length, index, congestionId != 0, nowNanos);
  }

  private boolean rewriteVp8(byte[] draft, int at, int length) {
    var descriptor = subscriber.scratch().vp8;
    return descriptor.wrap(draft, at, length) && vp8.rewrite(descriptor);
  }

  private void switchTo(
      Receiver receiver, RtpView packet, PayloadView payload, Codec codec, long nowNanos) {
    sequences.switchTo(receiver.number, packet.sequence());
    if (codec == Codec.VP8) {
      vp8.switchTo(payload.vp8());
    }
    if (statistics.packets > 0) {
      // As much later as it is later: the picture neither jumps nor stands.
      var passed = (nowNanos - lastNanos) / 1_000 * codec.clockRate() / 1_000_000;
      timestampOffset = lastTimestamp + (int) Math.max(1, passed) - packet.timestamp();
    }
    temporalNow = temporalMax;
    current = receiver;
    statistics.switches++;
  }

  /** A packet of the source that is not worth sending: its number is given to the next one. */
  void skip(Receiver receiver, RtpView packet) {
    if (receiver == current) {
      sequences.drop(packet.sequence());
    }
  }

  /** The viewer lacks a packet: it goes out again as a retransmission, if it is still there. */
  void repair(int sequence, long nowNanos) {
    statistics.nacked++;
    var _ = again(sequence, nowNanos);
  }

  /** Sends the last packet again, to find out what the connection carries; returns its bytes. */
  int pad(long nowNanos) {
    return again(sequences.newestOut(), nowNanos);
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
    var packet = subscriber.scratch().stored;
    if (at == PacketRing.GONE || !packet.wrap(ring.bytes(), at, ring.length(original))) {
      return 0;
    }
    var type = types[packet.payloadType()];
    if (type < 0 || retransmissionTypes[type] <= 0 || !subscriber.mayRepair(packet.length())) {
      return 0;
    }
    // Under the retransmission's own numbers: the first ones must never seal another content.
    var index = ++retransmissionIndex;
    var draft = subscriber.draft();
    var writer = subscriber.scratch().writer;
    writer
        .begin(draft, 0, draft.length, false)
        .header(
            packet.marker(),
            retransmissionTypes[type],
            (int) index & 0xffff,
            packet.timestamp() + timestampOffset,
            retransmissionSsrc)
        .extensions(packet, extensionIds)
        .transportCc(congestionId, congestionId == 0 ? 0 : subscriber.nextCongestionNumber())
        .absSendTime(sendTimeId, nowNanos)
        .payload16(sequence);
    var payloadAt = writer.position();
    var length = writer.payload(packet.bytes(), packet.payloadAt(), packet.payloadLength()).end();
    if (length < 0
        || (receiver.codec() == Codec.VP8
            && !rewriteVp8(draft, payloadAt, packet.payloadLength()))) {
      return 0;
    }
    statistics.retransmitted++;
    subscriber.send(length, index, congestionId != 0, nowNanos);
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
