package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.ExtensionMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which of the offered formats and extensions are taken. */
final class FormatChoice {
  private static final int UNFIT = Integer.MAX_VALUE;
  private static final Set<Feedback> AUDIO_FEEDBACK =
      EnumSet.of(Feedback.NACK, Feedback.TRANSPORT_CC);

  /** They name the streams of a peer that sends several per section. */
  private static final Set<ExtensionKind> OF_SENDERS =
      EnumSet.of(ExtensionKind.RID, ExtensionKind.REPAIRED_RID);

  private FormatChoice() {}

  /** The best format of each codec wanted, in the order wanted, with its retransmission. */
  static List<AgreedFormat> formats(
      List<PayloadFormat> offered, List<Codec> wanted, ExtensionMap extensions) {
    var agreed = new ArrayList<AgreedFormat>();
    for (var codec : wanted) {
      offered.stream()
          .filter(format -> format.codec() == codec && rank(format, agreed) != UNFIT)
          .min(Comparator.comparingInt(format -> rank(format, agreed)))
          .map(format -> agree(format, offered, extensions))
          .ifPresent(agreed::add);
    }
    // Redundancy and tones alone carry no voice.
    var carries =
        agreed.stream()
            .map(format -> format.format().codec())
            .anyMatch(codec -> codec != Codec.RED_AUDIO && codec != Codec.TELEPHONE_EVENT);
    return carries ? agreed : List.of();
  }

  private static AgreedFormat agree(
      PayloadFormat format, List<PayloadFormat> offered, ExtensionMap extensions) {
    var repair =
        offered.stream()
            .filter(other -> other.codec() == Codec.RTX)
            .filter(other -> other.parameter("apt", "").equals("" + format.payloadType()))
            .mapToInt(PayloadFormat::payloadType)
            .findFirst()
            .orElse(PayloadFormat.NONE);
    var known = format.codec().isVideo() ? EnumSet.allOf(Feedback.class) : AUDIO_FEEDBACK;
    var feedback = EnumSet.copyOf(known);
    feedback.retainAll(format.feedback());
    // One estimate of the bandwidth, not two: the better one that is complete.
    if (extensions.id(ExtensionKind.TRANSPORT_CC) == 0) {
      feedback.remove(Feedback.TRANSPORT_CC);
    }
    if (feedback.contains(Feedback.TRANSPORT_CC)) {
      feedback.remove(Feedback.REMB);
    }
    var taken =
        new PayloadFormat(
            format.payloadType(), format.codec(), format.clockRate(), parameters(format), feedback);
    return new AgreedFormat(taken, repair);
  }

  private static Map<String, String> parameters(PayloadFormat format) {
    // RFC 7587 section 7: what the peer wants to receive is not what we want.
    if (format.codec() != Codec.OPUS) {
      return format.parameters();
    }
    var ours = new LinkedHashMap<String, String>();
    ours.put("useinbandfec", "1");
    // A browser sends two channels only to who says that it takes them.
    if (format.parameter("sprop-stereo", format.parameter("stereo", "0")).equals("1")) {
      ours.put("stereo", "1");
    }
    return ours;
  }

  /** How well a format suits, less is better. */
  private static int rank(PayloadFormat format, List<AgreedFormat> agreed) {
    return switch (format.codec()) {
      case H264 -> h264(format);
      case VP9 -> format.parameter("profile-id", "0").equals("0") ? 0 : UNFIT;
      case AV1 -> format.parameter("profile", "0").equals("0") ? 0 : UNFIT;
      case OPUS -> format.clockRate() == 48_000 ? 0 : UNFIT;
      case RED_AUDIO ->
          opus(agreed).filter(opus -> redCarries(format, opus)).isPresent() ? 0 : UNFIT;
      case TELEPHONE_EVENT ->
          !agreed.isEmpty() && agreed.getFirst().format().clockRate() == format.clockRate()
              ? 0
              : UNFIT;
      case PCMU, PCMA, VP8 -> 0;
      case RTX -> UNFIT;
    };
  }

  private static Optional<Integer> opus(List<AgreedFormat> agreed) {
    return agreed.stream()
        .map(AgreedFormat::format)
        .filter(format -> format.codec() == Codec.OPUS)
        .map(PayloadFormat::payloadType)
        .findFirst();
  }

  private static boolean redCarries(PayloadFormat red, int opus) {
    var blocks = red.parameter("", opus + "");
    return red.clockRate() == 48_000
        && List.of(blocks.split("/", -1)).stream().allMatch(block -> block.equals(opus + ""));
  }

  /** Constrained baseline first, then baseline, main, high; packets that may be fragments first. */
  private static int h264(PayloadFormat format) {
    var profile = format.parameter("profile-level-id", "42000a").toLowerCase(Locale.ROOT);
    var fragments = format.parameter("packetization-mode", "0").equals("1") ? 0 : 10;
    if (profile.length() != 6) {
      return UNFIT;
    }
    return switch (profile.substring(0, 2)) {
      // The second constraint flag makes baseline constrained (RFC 6184 section 8.1).
      case "42" -> fragments + ("4567cdef".indexOf(profile.charAt(2)) >= 0 ? 0 : 1);
      case "4d" -> fragments + 2;
      case "64" -> fragments + 3;
      default -> UNFIT;
    };
  }

  /** The extensions that both take. */
  static ExtensionMap extensions(PeerMedia media, Set<ExtensionKind> wanted, Direction ours) {
    var ids = new EnumMap<ExtensionKind, Integer>(ExtensionKind.class);
    media
        .extensions()
        .ids()
        .forEach((kind, id) -> {
          var fits =
              switch (kind) {
                case AUDIO_LEVEL -> media.isAudio();
                case DEPENDENCY_DESCRIPTOR -> media.isVideo();
                default -> ours.receives() || !OF_SENDERS.contains(kind);
              };
          if (fits && wanted.contains(kind)) {
            ids.put(kind, id);
          }
        });
    return new ExtensionMap(ids);
  }
}
