package dev.parley.protocol.sdp;

import java.util.List;

/**
 * What a peer wants, checked: one bundled transport with muxed RTCP, full ICE, and a fingerprint
 * that can be trusted.
 *
 * @param mixedExtensions whether one- and two-byte extensions may be mixed (RFC 8285 section 6)
 * @param candidates of all sections, as text behind {@code candidate:}
 */
public record PeerDescription(
    IceCredentials ice,
    Fingerprint fingerprint,
    boolean mixedExtensions,
    List<String> candidates,
    List<PeerMedia> media) {
  public PeerDescription {
    candidates = List.copyOf(candidates);
    media = List.copyOf(media);
  }

  /** Reads and checks an offer. */
  public static SdpOutcome<PeerDescription> readOffer(String text) {
    return SdpOutcome.of(() -> offer(text));
  }

  static PeerDescription offer(String text) throws SdpProblem {
    return PeerReader.read(SdpReader.read(text), true);
  }

  static PeerDescription answer(String text) throws SdpProblem {
    return PeerReader.read(SdpReader.read(text), false);
  }
}
