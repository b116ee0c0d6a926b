package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import java.util.List;
import java.util.Set;

/**
 * What we take from a publishing peer.
 *
 * @param audio codecs in our order of preference
 * @param video codecs in our order of preference
 * @param extensions header extensions that we use
 */
public record MediaPolicy(List<Codec> audio, List<Codec> video, Set<ExtensionKind> extensions) {
  /**
   * Everything that we know. H.264 comes first, since recordings of it need no decoding and every
   * client of the official calling SDK has it.
   */
  public static final MediaPolicy ALL =
      new MediaPolicy(
          List.of(Codec.OPUS, Codec.RED_AUDIO, Codec.PCMU, Codec.PCMA, Codec.TELEPHONE_EVENT),
          List.of(Codec.H264, Codec.VP8, Codec.VP9, Codec.AV1),
          Set.of(
              ExtensionKind.MID,
              ExtensionKind.RID,
              ExtensionKind.REPAIRED_RID,
              ExtensionKind.ABS_SEND_TIME,
              ExtensionKind.TRANSPORT_CC,
              ExtensionKind.AUDIO_LEVEL,
              ExtensionKind.DEPENDENCY_DESCRIPTOR));

  public MediaPolicy {
    audio = List.copyOf(audio);
    video = List.copyOf(video);
    extensions = Set.copyOf(extensions);
  }
}
