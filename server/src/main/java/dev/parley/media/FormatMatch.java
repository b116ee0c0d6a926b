package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.sdp.AgreedFormat;
import dev.parley.protocol.sdp.PayloadFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which payload type of one connection is which of another. */
final class FormatMatch {
  private FormatMatch() {}

  /**
   * Fills a table from incoming to outgoing payload types, -1 for what the viewer does not take;
   * and one from outgoing types to those of their retransmissions.
   */
  static void fill(
      List<AgreedFormat> in, List<AgreedFormat> out, int[] types, int[] retransmissionTypes) {
    Arrays.fill(types, -1);
    Arrays.fill(retransmissionTypes, -1);
    for (var format : in) {
      var type = format.format().payloadType();
      for (var candidate : out) {
        if (types[type] < 0 && same(format.format(), candidate.format())) {
          types[type] = candidate.format().payloadType();
        }
      }
    }
    for (var format : out) {
      retransmissionTypes[format.format().payloadType()] = format.repairPayloadType();
    }
  }

  /**
   * A viewer that takes no redundancy is sent the primary blocks as plain Opus, and so is one that
   * has another number for Opus: each block has the sender's in it (RFC 2198 section 3). Fills that
   * into the table and returns the payload type of the redundant packets, or {@link
   * PayloadFormat#NONE}.
   */
  static int fillRed(List<AgreedFormat> in, int[] types) {
    var red = type(in, Codec.RED_AUDIO);
    var opus = type(in, Codec.OPUS);
    if (red == PayloadFormat.NONE
        || opus == PayloadFormat.NONE
        || (types[red] >= 0 && types[opus] == opus)) {
      return PayloadFormat.NONE;
    }
    types[red] = types[opus];
    return red;
  }

  private static int type(List<AgreedFormat> formats, Codec codec) {
    return formats.stream()
        .filter(format -> format.format().codec() == codec)
        .mapToInt(format -> format.format().payloadType())
        .findFirst()
        .orElse(PayloadFormat.NONE);
  }

  /** Some type of retransmissions, -1 when the viewer takes none. */
  static int firstRetransmission(int[] retransmissionTypes) {
    for (var type : retransmissionTypes) {
      if (type > 0) {
        return type;
      }
    }
    return -1;
  }

  /** Whether a stream of one format can be sent as the other. */
  static boolean same(PayloadFormat a, PayloadFormat b) {
    if (a.codec() != b.codec()) {
      return false;
    }
    return switch (a.codec()) {
      // RFC 6184 section 8.1: mode and profile are part of the format, the level is not.
      case H264 ->
          parameter(a, "packetization-mode", "0").equals(parameter(b, "packetization-mode", "0"))
              && profile(a).equals(profile(b));
      case VP9 -> parameter(a, "profile-id", "0").equals(parameter(b, "profile-id", "0"));
      case AV1 -> parameter(a, "profile", "0").equals(parameter(b, "profile", "0"));
      case OPUS, RED_AUDIO, PCMU, PCMA, TELEPHONE_EVENT, VP8, RTX -> true;
    };
  }

  /** Constrained baseline has several spellings; the constraint bits matter for the rest. */
  private static String profile(PayloadFormat format) {
    var id = parameter(format, "profile-level-id", "42e01f").toLowerCase(Locale.ROOT);
    return id.length() < 4 ? id : id.substring(0, 4);
  }

  private static String parameter(PayloadFormat format, String name, String fallback) {
    return format.parameters().getOrDefault(name, fallback);
  }

  /** Whether any stream of some formats can be sent as one of others. */
  static boolean any(List<AgreedFormat> in, List<AgreedFormat> out) {
    return in.stream()
        .map(AgreedFormat::format)
        .filter(format -> format.codec() != Codec.TELEPHONE_EVENT)
        .anyMatch(format -> out.stream().anyMatch(other -> same(format, other.format())));
  }
}
