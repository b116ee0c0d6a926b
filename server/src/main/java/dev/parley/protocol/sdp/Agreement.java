package dev.parley.protocol.sdp;

import java.util.List;

/**
 * The end of a negotiation.
 *
 * @param answer the answer as text: ours to send, or the peer's
 * @param media one entry per section, in order
 */
public record Agreement(String answer, PeerDescription peer, List<AgreedMedia> media) {
  public Agreement {
    media = List.copyOf(media);
  }
}
