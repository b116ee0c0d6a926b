package dev.parley.protocol.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks what a peer demands of the transport, and reads its sections. */
final class PeerReader {
  private static final int CANDIDATES_MAX = 64;

  private PeerReader() {}

  static PeerDescription read(SessionDescription session, boolean offer) throws SdpProblem {
    var bundled = new HashSet<String>();
    for (var group : session.attributes("group")) {
      var words = SdpReader.words(group);
      if (words.getFirst().equals("BUNDLE")) {
        bundled.addAll(words.subList(1, words.size()));
      }
    }
    var media = new ArrayList<PeerMedia>();
    var candidates = new ArrayList<String>();
    var mids = new HashSet<String>();
    MediaSection transport = null;
    for (var section : session.sections()) {
      var peer = PeerSections.read(session, section);
      media.add(peer);
      if (peer.refused()) {
        continue;
      }
      if (!peer.mid().isEmpty() && !mids.add(peer.mid())) {
        throw new SdpProblem(SdpReason.MALFORMED, "The mid \"" + peer.mid() + "\" twice");
      }
      // The first section of a bundle carries the transport (RFC 9143 section 7.1).
      transport = transport == null ? section : transport;
      muxed(session, peer);
      candidates.addAll(section.attributes("candidate"));
    }
    if (transport == null) {
      throw new SdpProblem(SdpReason.NO_MEDIA, "No section of audio or video that lives");
    }
    oneTransport(media, bundled);
    setup(session, transport, offer);
    if (session.attribute("ice-lite").isPresent()) {
      throw new SdpProblem(SdpReason.NO_ICE, "Both sides are ICE-lite");
    }
    return new PeerDescription(
        IceCredentials.of(
            session.attribute(transport, "ice-ufrag").orElse(""),
            session.attribute(transport, "ice-pwd").orElse("")),
        fingerprint(session, transport),
        session.attribute(transport, "extmap-allow-mixed").isPresent(),
        candidates.subList(0, Math.min(candidates.size(), CANDIDATES_MAX)),
        media);
  }

  private static void muxed(SessionDescription session, PeerMedia peer) throws SdpProblem {
    var section = peer.section();
    if (!section.kind().equals("application")
        && session.attribute(section, "rtcp-mux").isEmpty()
        && !section.has("rtcp-mux-only")) {
      throw new SdpProblem(SdpReason.NO_RTCP_MUX, "Section \"" + peer.mid() + "\" without mux");
    }
  }

  private static void oneTransport(List<PeerMedia> media, Set<String> bundled) throws SdpProblem {
    var living = media.stream().filter(peer -> !peer.refused()).toList();
    for (var peer : living) {
      if (living.size() > 1 && !bundled.contains(peer.mid())) {
        throw new SdpProblem(SdpReason.NO_BUNDLE, "Section \"" + peer.mid() + "\" is in no bundle");
      }
    }
  }

  private static void setup(SessionDescription session, MediaSection transport, boolean offer)
      throws SdpProblem {
    // RFC 8842 section 5.2: an offer without the attribute says "active".
    var setup = session.attribute(transport, "setup").orElse("active");
    if (!setup.equals("active") && !(offer && setup.equals("actpass"))) {
      throw new SdpProblem(SdpReason.BAD_SETUP, "setup:" + setup);
    }
  }

  private static Fingerprint fingerprint(SessionDescription session, MediaSection transport)
      throws SdpProblem {
    var own = transport.attributes("fingerprint");
    return Fingerprint.strongest(own.isEmpty() ? session.attributes("fingerprint") : own);
  }
}
