package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.Codec;
import java.util.List;

/**
 * A stream that we send.
 *
 * @param stream groups what belongs together: tracks of one stream are played in sync
 * @param canonicalName the name of the sender's clock (RFC 8834 section 4.9)
 * @param codecs what the stream can be sent in, best first
 * @param ssrc our source, as 32 bits
 * @param repairSsrc the source of retransmissions; used when the peer takes them
 */
public record Track(
    String stream, String id, String canonicalName, List<Codec> codecs, int ssrc, int repairSsrc) {
  public Track {
    codecs = List.copyOf(codecs);
  }
}
