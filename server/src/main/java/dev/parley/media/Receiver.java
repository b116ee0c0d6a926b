package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.DependencyStructure;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.Sequences;
import dev.parley.protocol.rtp.Unwrapper;
import dev.parley.protocol.srtp.ReplayWindow;
import org.jspecify.annotations.Nullable;

/**
 * One incoming source: a stream, or one simulcast layer of it. Keeps count, notices what is
 * missing, holds the last packets for repair, and hands each packet on once.
 */
final class Receiver {
  private static final long ACTIVE_NANOS = 1_500_000_000L;

  final Track track;
  final int ssrc;

  /** Names this source in the number maps of forwarders; 1 to 32767. */
  final int number;

  /** The simulcast layer's name, or empty text. */
  final String rid;

  final ReceiverStatistics statistics = new ReceiverStatistics();
  final LayerRates layers = new LayerRates();
  final SenderClock clock = new SenderClock();
  final MissingPackets missing = new MissingPackets();
  final @Nullable PacketRing ring;

  /** What is known of its loudness; null for video. */
  @Nullable Voice voice;

  private final int dependencyId;
  private DependencyStructure structure = DependencyStructure.NONE;
  private int activeTargets = -1;
  private final Unwrapper sequences = Unwrapper.ofSequences();
  private final ReplayWindow seen = new ReplayWindow();
  private @Nullable Codec codec;
  private int payloadType = -1;
  private long pictureNanos;
  private final KeyFrameRequests keyFrames = new KeyFrameRequests();

  Receiver(Track track, int ssrc, int number, String rid) {
    this.track = track;
    this.ssrc = ssrc;
    this.number = number;
    this.rid = rid;
    dependencyId = track.section.extensions().id(ExtensionKind.DEPENDENCY_DESCRIPTOR);
    ring = track.section.video() ? new PacketRing() : null;
  }

  /**
   * Takes a packet in.
   *
   * @param recovered whether it came as a retransmission
   */
  void take(RtpView packet, PayloadView payload, boolean recovered, long nowNanos) {
    var sequence = packet.sequence();
    var index = sequences.peek(sequence);
    if (!seen.isNew(index)) {
      statistics.duplicates++;
      return;
    }
    if (packet.payloadType() != payloadType) {
      codec = track.codec(packet.payloadType());
      payloadType = packet.payloadType();
    }
    if (codec == null || codec == Codec.RTX) {
      statistics.malformed++;
      return;
    }
    var highest = seen.highest();
    if (statistics.started() && index > highest + 1) {
      gap((int) (index - highest - 1), sequence, nowNanos);
    }
    sequences.unwrap(sequence);
    seen.take(index);
    if (index < highest && missing.remove(sequence) && recovered) {
      statistics.recovered++;
    }
    statistics.packet(packet, index, recovered, codec, nowNanos);
    if (voice != null && !track.paused) {
      voice.heard(packet, nowNanos);
    }
    if (packet.payloadLength() == 0) {
      // Padding only: a probe of the sender's. It has taken a number all the same.
      track.skip(this, packet);
      return;
    }
    pictureNanos = nowNanos;
    if (!payload.read(codec, packet)) {
      statistics.malformed++;
      track.skip(this, packet);
      return;
    }
    if (dependencyId != 0) {
      describe(packet, payload);
    }
    layers.packet(payload, codec, packet.length(), nowNanos);
    if (ring != null) {
      if (payload.isKeyFrame() && payload.isFrameStart()) {
        statistics.keyFrames++;
        keyFrames.answered();
        missing.forgetBefore(sequence);
      }
      ring.store(sequence, packet.bytes(), packet.offset(), packet.length(), nowNanos);
    }
    track.forward(this, packet, payload, codec, nowNanos);
  }

  private void describe(RtpView packet, PayloadView payload) {
    payload.describe(packet, dependencyId, structure, activeTargets);
    if (payload.isDescribed()) {
      structure = payload.dependency().structure();
      activeTargets = payload.activeTargets();
    }
  }

  private void gap(int size, int sequence, long nowNanos) {
    if (!track.repairs()) {
      return;
    }
    if (size > 200) {
      // A hole of this size is not mended packet by packet.
      missing.clear();
      requestKeyFrame();
      return;
    }
    for (var before = size; before >= 1; before--) {
      if (!missing.add((sequence - before) & 0xffff, nowNanos)) {
        requestKeyFrame();
        return;
      }
    }
  }

  /** Somebody needs a key frame; requests are merged and paced. */
  void requestKeyFrame() {
    if (track.section.video()) {
      keyFrames.want();
      track.publisher.asksFor(keyFrames);
    }
  }

  /** Whether a request is to go out now; then it is taken as made. */
  boolean takeKeyFrameRequest(long nowNanos) {
    var asks = keyFrames.take(nowNanos);
    statistics.keyFramesAsked += asks ? 1 : 0;
    return asks;
  }

  /** Whether packets come at all that are more than padding. */
  boolean isActive(long nowNanos) {
    return pictureNanos != 0 && nowNanos - pictureNanos < ACTIVE_NANOS;
  }

  /** When the last packet came that was more than padding. */
  long pictureNanos() {
    return pictureNanos;
  }

  /** Whether it is forwarded at all: voices wait while enough others are louder. */
  boolean isAudible() {
    return voice == null || voice.audible;
  }

  @Nullable Codec codec() {
    return codec;
  }

  /** How far the last packet is ahead of a number. */
  int aheadOf(int sequence) {
    return Sequences.apart(sequence, (int) seen.highest());
  }
}
