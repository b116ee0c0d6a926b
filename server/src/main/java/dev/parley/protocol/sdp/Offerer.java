package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.ExtensionMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes offers for connections on which only we send (RFC 8829 section 5.2), and takes their
 * answers. Payload types and extension ids are always the same, so that they cannot contradict each
 * other from one offer to the next.
 */
public final class Offerer {
  /**
   * One section.
   *
   * @param track what is sent; empty for a section that rests, since sections are never taken away
   */
  public record Slot(String mid, boolean video, Optional<Track> track) {}

  private static final Map<ExtensionKind, Integer> IDS =
      Map.of(
          ExtensionKind.AUDIO_LEVEL, 1,
          ExtensionKind.ABS_SEND_TIME, 2,
          ExtensionKind.TRANSPORT_CC, 3,
          ExtensionKind.MID, 4,
          ExtensionKind.DEPENDENCY_DESCRIPTOR, 5);
  private static final Set<Feedback> VIDEO_FEEDBACK =
      EnumSet.of(Feedback.NACK, Feedback.PLI, Feedback.FIR, Feedback.REMB, Feedback.TRANSPORT_CC);

  private Offerer() {}

  /** An offer of these sections. */
  public static String offer(
      LocalTransport local, Set<ExtensionKind> extensions, List<Slot> slots) {
    var writer = new SectionWriter(local, "actpass");
    var sections = new ArrayList<MediaSection>();
    for (var slot : slots) {
      var formats = new ArrayList<AgreedFormat>();
      var codecs = slot.video() ? MediaPolicy.ALL.video() : MediaPolicy.ALL.audio();
      for (var codec : slot.track().map(Track::codecs).orElse(codecs)) {
        formats.add(format(codec));
      }
      sections.add(
          writer.section(
              new AgreedMedia(
                  slot.mid(),
                  slot.video(),
                  slot.track().isPresent() ? Direction.SENDONLY : Direction.INACTIVE,
                  formats,
                  ids(slot.video(), extensions),
                  List.of(),
                  List.of(),
                  List.of(),
                  slot.track())));
    }
    var session = SectionWriter.session(slots.stream().map(Slot::mid).toList(), true);
    return new SessionDescription(local.origin(), session, sections).write();
  }

  /** Takes the answer to an offer of these sections. */
  public static SdpOutcome<Agreement> accept(
      Set<ExtensionKind> extensions, List<Slot> slots, String answer) {
    return SdpOutcome.of(() -> {
      var peer = PeerDescription.answer(answer);
      if (peer.media().size() != slots.size()) {
        throw new SdpProblem(
            SdpReason.NO_MATCH, peer.media().size() + " sections answer " + slots.size());
      }
      var agreed = new ArrayList<AgreedMedia>();
      for (var i = 0; i < slots.size(); i++) {
        agreed.add(accept(extensions, slots.get(i), peer.media().get(i)));
      }
      return new Agreement(answer, peer, agreed);
    });
  }

  private static AgreedMedia accept(Set<ExtensionKind> extensions, Slot slot, PeerMedia media)
      throws SdpProblem {
    if (media.refused()) {
      return Answerer.dead(media);
    }
    if (!media.mid().equals(slot.mid()) || media.isVideo() != slot.video()) {
      throw new SdpProblem(
          SdpReason.NO_MATCH, "\"" + media.mid() + "\" answers \"" + slot.mid() + "\"");
    }
    var known = ids(slot.video(), extensions);
    for (var entry : media.extensions().ids().entrySet()) {
      if (known.id(entry.getKey()) != entry.getValue()) {
        throw new SdpProblem(SdpReason.NO_MATCH, "The id of " + entry.getKey());
      }
    }
    for (var format : media.formats()) {
      if (format.codec() != Codec.RTX && number(format.codec()) != format.payloadType()) {
        throw new SdpProblem(SdpReason.NO_MATCH, "The type of " + format.codec());
      }
    }
    var agreed = Answerer.sent(media, extensions, slot.track());
    if (!agreed.lives() && slot.track().isPresent()) {
      throw new SdpProblem(
          SdpReason.NO_COMMON_CODEC, "No codec in common in \"" + slot.mid() + "\"");
    }
    return agreed;
  }

  private static ExtensionMap ids(boolean video, Set<ExtensionKind> extensions) {
    var ids = new EnumMap<ExtensionKind, Integer>(IDS);
    ids.keySet().retainAll(extensions);
    ids.remove(video ? ExtensionKind.AUDIO_LEVEL : ExtensionKind.DEPENDENCY_DESCRIPTOR);
    return new ExtensionMap(ids);
  }

  private static AgreedFormat format(Codec codec) {
    var type = number(codec);
    var feedback = codec.isVideo() ? VIDEO_FEEDBACK : EnumSet.of(Feedback.TRANSPORT_CC);
    var clockRate = codec == Codec.TELEPHONE_EVENT ? Codec.OPUS.clockRate() : codec.clockRate();
    var format = new PayloadFormat(type, codec, clockRate, parameters(codec), feedback);
    return new AgreedFormat(format, codec.isVideo() ? type + 1 : PayloadFormat.NONE);
  }

  private static int number(Codec codec) {
    return switch (codec) {
      case OPUS -> 111;
      case RED_AUDIO -> 63;
      case PCMU -> 0;
      case PCMA -> 8;
      case TELEPHONE_EVENT -> 110;
      case H264 -> 108;
      case VP8 -> 96;
      case VP9 -> 98;
      case AV1 -> 45;
      case RTX -> PayloadFormat.NONE;
    };
  }

  private static Map<String, String> parameters(Codec codec) {
    return switch (codec) {
      case OPUS -> Map.of("useinbandfec", "1");
      case RED_AUDIO -> Map.of("", "111/111");
      case TELEPHONE_EVENT -> Map.of("", "0-16");
      case H264 ->
          Map.of(
              "level-asymmetry-allowed", "1",
              "packetization-mode", "1",
              "profile-level-id", "42e01f");
      case VP9 -> Map.of("profile-id", "0");
      case AV1, VP8, PCMU, PCMA, RTX -> Map.of();
    };
  }
}
