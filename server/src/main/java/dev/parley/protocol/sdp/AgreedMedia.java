package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.ExtensionMap;
import java.util.List;
import java.util.Optional;

/**
 * What holds for one section from now on.
 *
 * @param direction seen from us
 * @param formats in order of preference; empty for a section that does not live
 * @param extensions what both sides take, under the ids of the connection
 * @param rids the simulcast streams that we receive
 * @param sources the sources that the peer announced
 * @param repairs which of them repair which
 * @param track what we send
 */
public record AgreedMedia(
    String mid,
    boolean video,
    Direction direction,
    List<AgreedFormat> formats,
    ExtensionMap extensions,
    List<String> rids,
    List<Integer> sources,
    List<PeerMedia.SourcePair> repairs,
    Optional<Track> track) {
  public AgreedMedia {
    formats = List.copyOf(formats);
    rids = List.copyOf(rids);
    sources = List.copyOf(sources);
    repairs = List.copyOf(repairs);
  }

  /** Whether anything can flow. */
  public boolean lives() {
    return !formats.isEmpty();
  }
}
