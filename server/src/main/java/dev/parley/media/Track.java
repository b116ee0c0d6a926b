package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Feedback;
import dev.parley.protocol.sdp.PayloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One published stream of audio or video, with its simulcast layers and who is sent it. */
final class Track {
  final Publisher publisher;
  AgreedMedia section;

  /** Its sources: one, or one per layer; they appear with their first packets. */
  final List<Receiver> receivers = new ArrayList<>();

  private final @Nullable Codec[] codecs = new @Nullable Codec[128];
  private final int[] repaired = new int[128];
  private final boolean repairs;
  private Forwarder[] forwarders = {};

  /** Whether it is one of those that are shown to others. */
  boolean live = true;

  /** Whether it is held back for now; then nobody misses a packet of it. */
  boolean paused;

  Track(Publisher publisher, AgreedMedia section) {
    this.publisher = publisher;
    this.section = section;
    for (var format : section.formats()) {
      var type = format.format().payloadType();
      codecs[type] = format.format().codec();
      if (format.repairPayloadType() != PayloadFormat.NONE) {
        codecs[format.repairPayloadType()] = Codec.RTX;
        repaired[format.repairPayloadType()] = type;
      }
    }
    repairs =
        section.video()
            && section.formats().stream()
                .anyMatch(format -> format.format().feedback().contains(Feedback.NACK));
  }

  /**
   * Whether a newer description of the section means the same packets. The parameters of formats
   * are left out: browsers say some of them in other words from their second offer on.
   */
  boolean isStill(AgreedMedia newer) {
    return section.mid().equals(newer.mid())
        && section.video() == newer.video()
        && section.extensions().equals(newer.extensions())
        && meanings(section).equals(meanings(newer));
  }

  private record Meaning(int payloadType, Codec codec, int repairPayloadType) {}

  private static Set<Meaning> meanings(AgreedMedia section) {
    return section.formats().stream()
        .map(agreed ->
            new Meaning(
                agreed.format().payloadType(), agreed.format().codec(), agreed.repairPayloadType()))
        .collect(Collectors.toSet());
  }

  /** The format of a payload type, or null. */
  @Nullable Codec codec(int payloadType) {
    return codecs[payloadType];
  }

  /** The payload type that an RTX payload type repairs. */
  int repairedType(int retransmissionType) {
    return repaired[retransmissionType];
  }

  /** Whether lost packets are asked for again. */
  boolean repairs() {
    return repairs;
  }

  /** Holds it back, or goes on: a picture with a key frame, since what it refers to is missing. */
  void pause(boolean held) {
    if (paused && !held && section.video()) {
      for (var forwarder : forwarders) {
        forwarder.restart();
      }
    }
    paused = held;
  }

  /** Whether there is something to show. */
  boolean isLive() {
    return live && section.direction().receives();
  }

  void forward(Receiver receiver, RtpView packet, PayloadView payload, Codec codec, long nowNanos) {
    if (paused || !live || !receiver.isAudible()) {
      skip(receiver, packet);
    } else {
      for (var forwarder : forwarders) {
        forwarder.forward(receiver, packet, payload, codec, nowNanos);
      }
    }
    if (paused || !live) {
      return;
    }
  }

  /** A packet that is not forwarded leaves no gap. */
  void skip(Receiver receiver, RtpView packet) {
    for (var forwarder : forwarders) {
      forwarder.skip(receiver, packet);
    }
  }

  void add(Forwarder forwarder) {
    var more = new ArrayList<>(List.of(forwarders));
    more.add(forwarder);
    forwarders = more.toArray(Forwarder[]::new);
  }

  void remove(Forwarder forwarder) {
    var fewer = new ArrayList<>(List.of(forwarders));
    fewer.remove(forwarder);
    forwarders = fewer.toArray(Forwarder[]::new);
  }

  List<Forwarder> forwarders() {
    return List.of(forwarders);
  }

  /** Whether any of its sources is forwarded. */
  boolean isAudible() {
    for (var receiver : receivers) {
      if (receiver.isAudible()) {
        return true;
      }
    }
    return receivers.isEmpty();
  }

  /** The layer of a simulcast name; or the only one, which has none. */
  @Nullable Receiver receiver(String rid) {
    for (var receiver : receivers) {
      if (receiver.rid.equals(rid)) {
        return receiver;
      }
    }
    return null;
  }
}
