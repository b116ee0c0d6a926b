package dev.parley.protocol.sdp;

import dev.parley.protocol.rtp.ExtensionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Answers offers (RFC 8829 section 5.3): of peers that publish (WHIP, RFC 9725), and of peers that
 * subscribe (WHEP). A section of a kind that we do not take, or without a codec in common, is
 * refused by itself; the whole offer is only when nothing is left.
 */
public final class Answerer {
  private Answerer() {}

  /** What becomes of one section. */
  private interface Choice {
    AgreedMedia choose(PeerMedia media);
  }

  /** Answers a peer that sends to us. */
  public static SdpOutcome<Agreement> publishing(
      String offer, LocalTransport local, MediaPolicy policy) {
    return SdpOutcome.of(
        () -> answer(PeerDescription.offer(offer), local, media -> received(media, policy)));
  }

  /**
   * Answers a peer that receives from us.
   *
   * @param tracks what we send in a section, asked once per living section in order
   */
  public static SdpOutcome<Agreement> subscribing(
      String offer,
      LocalTransport local,
      Set<ExtensionKind> extensions,
      Function<PeerMedia, Optional<Track>> tracks) {
    return SdpOutcome.of(() ->
        answer(
            PeerDescription.offer(offer),
            local,
            media -> sent(media, extensions, tracks.apply(media))));
  }

  private static Agreement answer(PeerDescription peer, LocalTransport local, Choice choice)
      throws SdpProblem {
    var writer = new SectionWriter(local, "passive");
    var agreed = new ArrayList<AgreedMedia>();
    var sections = new ArrayList<MediaSection>();
    var mids = new ArrayList<String>();
    for (var media : peer.media()) {
      var choosable = !media.refused() && !media.formats().isEmpty();
      var chosen = choosable ? choice.choose(media) : dead(media);
      agreed.add(chosen);
      if (!chosen.lives()) {
        sections.add(SectionWriter.refused(media.section()));
        continue;
      }
      sections.add(writer.section(chosen));
      if (!media.mid().isEmpty()) {
        mids.add(media.mid());
      }
    }
    if (agreed.stream().noneMatch(AgreedMedia::lives)) {
      throw new SdpProblem(SdpReason.NO_COMMON_CODEC, "No section with a codec in common");
    }
    var session = SectionWriter.session(mids, peer.mixedExtensions());
    var answer = new SessionDescription(local.origin(), session, sections);
    return new Agreement(answer.write(), peer, agreed);
  }

  private static AgreedMedia received(PeerMedia media, MediaPolicy policy) {
    var direction = media.direction().sends() ? Direction.RECVONLY : Direction.INACTIVE;
    // A section that pauses keeps what tells its simulcast streams apart: without it a browser
    // refuses the
    // answer (RFC 8853), and without the streams it would not send them again.
    var extensions = FormatChoice.extensions(media, policy.extensions(), Direction.RECVONLY);
    var wanted = media.isVideo() ? policy.video() : policy.audio();
    return new AgreedMedia(
        media.mid(),
        media.isVideo(),
        direction,
        FormatChoice.formats(media.formats(), wanted, extensions),
        extensions,
        media.sendRids(),
        media.sources(),
        media.repairs(),
        Optional.empty());
  }

  static AgreedMedia sent(PeerMedia media, Set<ExtensionKind> wanted, Optional<Track> track) {
    var sends = media.direction().receives() && track.isPresent();
    var direction = sends ? Direction.SENDONLY : Direction.INACTIVE;
    var extensions = FormatChoice.extensions(media, wanted, direction);
    // A section that waits for its track keeps every format that we know.
    var codecs =
        track
            .map(Track::codecs)
            .orElse(media.isVideo() ? MediaPolicy.ALL.video() : MediaPolicy.ALL.audio());
    return new AgreedMedia(
        media.mid(),
        media.isVideo(),
        direction,
        FormatChoice.formats(media.formats(), codecs, extensions),
        extensions,
        List.of(),
        List.of(),
        List.of(),
        sends ? track : Optional.empty());
  }

  static AgreedMedia dead(PeerMedia media) {
    return new AgreedMedia(
        media.mid(),
        media.isVideo(),
        Direction.INACTIVE,
        List.of(),
        media.extensions(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
