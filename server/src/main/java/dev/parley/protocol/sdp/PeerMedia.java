package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.ExtensionMap;
import java.util.List;

/**
 * What a peer says about one section, as far as we know its words.
 *
 * @param mid the section's id; empty when the peer gives none
 * @param refused whether the section does not live
 * @param formats in the peer's order of preference
 * @param sendRids the simulcast streams that the peer offers to send (RFC 8853), best last or first
 *     as the peer likes; empty without simulcast
 * @param sources the sources that the peer announces, in its order
 * @param repairs pairs of a source and its retransmission source (RFC 5576 section 4.2)
 */
public record PeerMedia(
    String mid,
    MediaSection section,
    boolean refused,
    Direction direction,
    List<PayloadFormat> formats,
    ExtensionMap extensions,
    List<String> sendRids,
    List<Integer> sources,
    List<SourcePair> repairs) {
  /** A source and the one that repairs it. */
  public record SourcePair(int ssrc, int repairSsrc) {}

  public PeerMedia {
    formats = List.copyOf(formats);
    sendRids = List.copyOf(sendRids);
    sources = List.copyOf(sources);
    repairs = List.copyOf(repairs);
  }

  public boolean isAudio() {
    return section.kind().equals("audio");
  }

  public boolean isVideo() {
    return section.kind().equals("video");
  }
}
