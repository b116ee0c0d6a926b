package dev.parley.protocol.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.sdp.SdpOutcome.Agreed;
import dev.parley.protocol.sdp.SdpOutcome.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdpTest {
  private static final LocalTransport LOCAL =
      new LocalTransport(
          new IceCredentials("srv1", "0123456789abcdefghijkl"),
          new Fingerprint("sha-256", "AB" + ":CD".repeat(31)),
          List.of("1 1 udp 2130706431 192.0.2.1 40000 typ host"),
          77,
          1);
  private static final Set<ExtensionKind> ALL = MediaPolicy.ALL.extensions();

  static String file(String name) throws IOException {
    try (var in = SdpTest.class.getResourceAsStream(name + ".sdp")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static <T> T agreed(SdpOutcome<T> outcome) {
    return switch (outcome) {
      case Agreed<T>(var value) -> value;
      case Refused<T>(var reason, var detail) ->
          throw new AssertionError("Refused: " + reason + " " + detail);
    };
  }

  private static Agreement publish(String offer) {
    return agreed(Answerer.publishing(offer, LOCAL, MediaPolicy.ALL));
  }

  private static SdpReason refused(SdpOutcome<?> outcome) {
    return assertInstanceOf(Refused.class, outcome).reason();
  }

  private static List<String> formats(AgreedMedia media) {
    return media.formats().stream()
        .map(agreed ->
            agreed.format().codec()
                + " "
                + agreed.format().payloadType()
                + (agreed.repairPayloadType() < 0 ? "" : "/" + agreed.repairPayloadType()))
        .toList();
  }

  /** The lines of the section with this index. */
  private static List<String> lines(String text, int section) {
    return List.of(text.split("\r\nm=", -1)[section + 1].split("\r\n", -1));
  }

  private static Track track(Codec codec, int ssrc) {
    return new Track("room", codec + "", "room", List.of(codec), ssrc, ssrc + 1);
  }

  @Test
  void chromiumPublishes() throws IOException {
    var agreement = publish(file("chromium-publish"));
    var audio = agreement.media().get(0);
    var video = agreement.media().get(1);
    assertEquals(
        List.of("OPUS 111", "RED_AUDIO 63", "PCMU 0", "PCMA 8", "TELEPHONE_EVENT 110"),
        formats(audio));
    assertEquals(List.of("H264 108/109", "VP8 96/97", "VP9 98/99", "AV1 45/46"), formats(video));
    assertEquals(Direction.RECVONLY, video.direction());
    assertEquals(3, video.extensions().id(ExtensionKind.TRANSPORT_CC));
    assertEquals(1, audio.extensions().id(ExtensionKind.AUDIO_LEVEL));
    assertEquals(0, video.extensions().id(ExtensionKind.VIDEO_ORIENTATION));
    assertEquals(2, video.sources().size());
    assertEquals(video.sources().get(0), video.repairs().get(0).ssrc());
    assertEquals(
        Set.of(Feedback.NACK, Feedback.PLI, Feedback.FIR, Feedback.TRANSPORT_CC),
        video.formats().getFirst().format().feedback());
    assertTrue(agreement.peer().mixedExtensions());
    assertEquals("sha-256", agreement.peer().fingerprint().algorithm());
    assertFalse(agreement.peer().candidates().isEmpty());
    var answer = agreement.answer();
    assertTrue(answer.startsWith("v=0\r\no=- 77 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"), answer);
    assertTrue(answer.contains("a=group:BUNDLE 0 1\r\n") && answer.contains("a=ice-lite\r\n"));
    var lines = lines(answer, 1);
    assertEquals("video 9 UDP/TLS/RTP/SAVPF 108 109 96 97 98 99 45 46", lines.getFirst());
    assertTrue(
        lines.containsAll(
            List.of(
                "a=setup:passive",
                "a=recvonly",
                "a=rtcp-mux",
                "a=ice-ufrag:srv1",
                "a=rtpmap:108 H264/90000",
                "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                "a=fmtp:109 apt=108",
                "a=rtcp-fb:108 nack pli",
                "a=rtcp-fb:108 transport-cc")),
        lines + "");
    assertFalse(lines.contains("a=rtcp-fb:108 goog-remb"));
    assertTrue(
        lines(answer, 0).contains("a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host"));
    assertEquals(1, answer.split("end-of-candidates", -1).length - 1);
  }

  @Test
  void chromiumPublishesSimulcast() throws IOException {
    var agreement = publish(file("chromium-simulcast"));
    var video = agreement.media().get(1);
    assertEquals(List.of("q", "h", "f"), video.rids());
    assertEquals(10, video.extensions().id(ExtensionKind.RID));
    assertEquals(11, video.extensions().id(ExtensionKind.REPAIRED_RID));
    assertEquals(12, video.extensions().id(ExtensionKind.DEPENDENCY_DESCRIPTOR));
    var lines = lines(agreement.answer(), 1);
    assertTrue(lines.containsAll(List.of("a=rid:q recv", "a=simulcast:recv q;h;f")), lines + "");
  }

  /** As when a camera goes off: Chromium refuses streams that no extension tells apart. */
  @Test
  void pausedSimulcastKeepsItsExtensions() throws IOException {
    var offer = file("chromium-simulcast");
    var video = offer.indexOf("m=video");
    var paused = offer.substring(video).replaceFirst("a=sendonly", "a=inactive");
    var agreement = publish(offer.substring(0, video) + paused);
    assertEquals(Direction.INACTIVE, agreement.media().get(1).direction());
    assertEquals(10, agreement.media().get(1).extensions().id(ExtensionKind.RID));
    var lines = lines(agreement.answer(), 1);
    assertTrue(lines.containsAll(List.of("a=inactive", "a=simulcast:recv q;h;f")), lines + "");
  }

  @Test
  void chromiumSubscribes() throws IOException {
    var agreement =
        agreed(
            Answerer.subscribing(
                file("chromium-subscribe"),
                LOCAL,
                ALL,
                media -> Optional.of(track(media.isVideo() ? Codec.VP8 : Codec.OPUS, -2))));
    var video = agreement.media().get(1);
    assertEquals(List.of("VP8 96/97"), formats(video));
    assertEquals(Direction.SENDONLY, video.direction());
    assertEquals(0, video.extensions().id(ExtensionKind.RID));
    assertTrue(
        lines(agreement.answer(), 1)
            .containsAll(
                List.of(
                    "a=sendonly",
                    "a=msid:room VP8",
                    "a=ssrc-group:FID 4294967294 4294967295",
                    "a=ssrc:4294967294 cname:room",
                    "a=ssrc:4294967295 cname:room")));
    assertFalse(lines(agreement.answer(), 0).toString().contains("ssrc-group"));
  }

  @Test
  void aSectionWithoutATrackRests() throws IOException {
    var agreement =
        agreed(
            Answerer.subscribing(
                file("chromium-subscribe"),
                LOCAL,
                ALL,
                media -> media.isVideo() ? Optional.of(track(Codec.AV1, 5)) : Optional.empty()));
    assertEquals(Direction.INACTIVE, agreement.media().get(0).direction());
    assertTrue(agreement.media().get(0).lives());
    assertEquals(List.of("AV1 45/46"), formats(agreement.media().get(1)));
  }

  @Test
  void aDataChannelIsRefusedByItself() throws IOException {
    var agreement = publish(file("chromium-datachannel"));
    assertTrue(agreement.media().get(0).lives());
    assertFalse(agreement.media().get(1).lives());
    assertTrue(agreement.answer().contains("a=group:BUNDLE 0\r\n"));
    assertTrue(agreement.answer().contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  }

  @Test
  void firefoxPublishes() throws IOException {
    var agreement = publish(file("firefox-publish"));
    var audio = agreement.media().get(0);
    var video = agreement.media().get(1);
    // The second section has port 0 and lives in the bundle; the fingerprint is the session's.
    assertEquals(List.of("OPUS 109", "PCMU 0", "PCMA 8"), formats(audio));
    assertEquals(List.of("H264 126/127", "VP8 120/124", "VP9 121/125"), formats(video));
    assertEquals(List.of("lo", "hi"), video.rids());
    assertEquals(7, video.extensions().id(ExtensionKind.TRANSPORT_CC));
    assertEquals(0, audio.extensions().id(ExtensionKind.TRANSPORT_CC));
    assertEquals("useinbandfec=1;stereo=1", audio.formats().getFirst().format().parameterText());
    assertTrue(lines(agreement.answer(), 1).getFirst().startsWith("video 9 "));
  }

  @Test
  void safariSubscribesToTheBaseline() throws IOException {
    var agreement =
        agreed(
            Answerer.subscribing(
                file("safari-subscribe"),
                LOCAL,
                ALL,
                media -> Optional.of(track(media.isVideo() ? Codec.H264 : Codec.OPUS, 9))));
    assertEquals(List.of("H264 98/99"), formats(agreement.media().get(1)));
    assertTrue(agreement.answer().contains("a=group:BUNDLE audio video\r\n"));
  }

  @Test
  void remb() throws IOException {
    var offer = file("chromium-publish").replaceAll("a=extmap:3 .*\r?\n", "");
    var video = publish(offer).media().get(1).formats().getFirst().format();
    assertTrue(video.feedback().contains(Feedback.REMB));
    assertFalse(video.feedback().contains(Feedback.TRANSPORT_CC));
  }

  @Test
  void aServerOfferIsAnswered() {
    var slots =
        List.of(
            new Offerer.Slot("a0", false, Optional.of(track(Codec.OPUS, 10))),
            new Offerer.Slot("v0", true, Optional.of(track(Codec.H264, 20))),
            new Offerer.Slot("v1", true, Optional.empty()));
    var offer = Offerer.offer(LOCAL, ALL, slots);
    // A peer of the same words: what we send, it receives.
    var read = agreed(SessionDescription.read(offer));
    assertEquals(3, read.sections().size());
    assertTrue(offer.contains("a=setup:actpass\r\n") && offer.contains("a=inactive\r\n"));
    var answer =
        offer
            .replace("a=ice-lite\r\n", "")
            .replace("setup:actpass", "setup:active")
            .replace("a=sendonly", "a=recvonly");
    var agreement = agreed(Offerer.accept(ALL, slots, answer));
    assertEquals(List.of("H264 108/109"), formats(agreement.media().get(1)));
    assertEquals(20, agreement.media().get(1).track().orElseThrow().ssrc());
    assertEquals(Direction.SENDONLY, agreement.media().get(0).direction());
    assertEquals(Direction.INACTIVE, agreement.media().get(2).direction());
    assertEquals(5, agreement.media().get(1).extensions().id(ExtensionKind.DEPENDENCY_DESCRIPTOR));

    assertEquals(SdpReason.NO_MATCH, refused(Offerer.accept(ALL, slots.subList(0, 2), answer)));
    assertEquals(
        SdpReason.NO_MATCH,
        refused(
            Offerer.accept(
                ALL, slots, answer.replace("a=mid:v1", "a=mid:v2").replace(" v1", " v2"))));
    assertEquals(
        SdpReason.NO_MATCH,
        refused(Offerer.accept(ALL, slots, answer.replace("extmap:3", "extmap:9"))));
    assertEquals(
        SdpReason.NO_COMMON_CODEC,
        refused(Offerer.accept(ALL, slots, answer.replace("108 H264", "108 X264"))));
    assertEquals(
        SdpReason.BAD_SETUP,
        refused(Offerer.accept(ALL, slots, answer.replace("setup:active", "setup:passive"))));
    assertEquals(
        SdpReason.BAD_SETUP,
        refused(Offerer.accept(ALL, slots, answer.replace("setup:active", "setup:actpass"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NO_BUNDLE | a=group:BUNDLE 0 1 | a=group:BUNDLE 0",
        "NO_RTCP_MUX | a=rtcp-mux | a=no-mux",
        "NO_FINGERPRINT | a=fingerprint | a=finger",
        "WEAK_HASH | a=fingerprint:sha-256 | a=fingerprint:sha-1",
        "WEAK_HASH | a=fingerprint:sha-256 [0-9A-F:]{6} | a=fingerprint:sha-256 ",
        "NO_ICE | a=ice-ufrag:.* | a=ice-ufrag:a!b",
        "NO_ICE | a=ice-pwd:.* | a=ice-pwd:short",
        "NO_ICE | a=extmap-allow-mixed | a=ice-lite",
        "BAD_SETUP | a=setup:actpass | a=setup:passive",
        "NO_COMMON_CODEC | a=rtpmap:(\\d+) .* | a=rtpmap:$1 unknown/90000",
        "NO_MEDIA | m=(\\w+) \\d+ | m=$1 0",
        "BAD_NUMBER | m=audio \\d+ | m=audio 65536",
        "BAD_NUMBER | SAVPF 111 | SAVPF 128",
        "BAD_NUMBER | SAVPF 111 | SAVPF 111 111",
        "BAD_NUMBER | a=rtpmap:111 opus/48000/2 | a=rtpmap:111 opus/-1/2",
        "BAD_NUMBER | a=extmap:1 | a=extmap:0",
        "BAD_NUMBER | a=extmap:1 | a=extmap:99999999999999999999",
        "BAD_NUMBER | a=ssrc:\\d+ | a=ssrc:4294967296",
        "MALFORMED | v=0 | v=1",
        "MALFORMED | a=mid:1 | a=mid:0",
        "MALFORMED | a=mid:1 | a=mid:much-too-long-for-an-extension",
        "MALFORMED | a=rid:q send | a=rid:../q send",
        "MALFORMED | a=rtcp-rsize | rtcp-rsize",
        "MALFORMED | a=rtcp-rsize | a=:x",
        "MALFORMED | m=video .* | m=video 9",
        "MALFORMED | a=extmap:1 .* | a=extmap:1",
      })
  void whatCannotBeIsRefusedWithItsReason(SdpReason reason, String what, String instead)
      throws IOException {
    var offer = file("chromium-simulcast");
    var changed = offer.replaceAll(what, instead == null ? "" : instead);
    assertFalse(changed.equals(offer));
    assertEquals(reason, refused(Answerer.publishing(changed, LOCAL, MediaPolicy.ALL)));
  }

  @Test
  void whatIsTooMuchIsRefused() throws IOException {
    var offer = file("chromium-publish");
    assertEquals(
        SdpReason.TOO_LONG, refused(SessionDescription.read(offer + "a=x:" + "y".repeat(300_000))));
    assertEquals(
        SdpReason.TOO_LONG, refused(SessionDescription.read(offer + "a=x\n".repeat(10_000))));
    assertEquals(
        SdpReason.TOO_MANY_SECTIONS,
        refused(SessionDescription.read(offer + "m=audio 9 UDP/TLS/RTP/SAVPF 0\n".repeat(127))));
    assertEquals(
        SdpReason.TOO_LONG,
        refused(SessionDescription.read("v=0\nm=audio 9 UDP/TLS/RTP/SAVPF" + " 1".repeat(200))));
  }

  @Test
  void candidatesTrickle() {
    var text =
        """
        a=ice-ufrag:EsAw
        a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
        m=audio 9 RTP/AVP 0
        a=mid:0
        a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host
        a=end-of-candidates
        """;
    var fragment = agreed(IceFragment.read(text));
    assertEquals("EsAw", fragment.ice().fragment());
    assertEquals(1, fragment.candidates().size());
    assertTrue(fragment.complete());
    assertEquals(fragment, agreed(IceFragment.read(fragment.write("0"))));
    assertEquals(SdpReason.NO_ICE, refused(IceFragment.read("a=mid:0\r\n")));
    assertEquals(
        SdpReason.TOO_LONG, refused(IceFragment.read(text + "a=candidate:1\r\n".repeat(64))));
    assertFalse(fragment.toString().contains("P2uYro0UCOQ4zxjKXaWCBui1"));
  }

  @Test
  void whateverComesIsAnswered() throws IOException {
    var seed = new Random().nextLong();
    System.out.println("SdpTest.whateverComesIsAnswered seed " + seed);
    var random = new Random(seed);
    var offers =
        List.of(file("chromium-simulcast"), file("firefox-publish"), file("safari-subscribe"));
    var answered = 0;
    for (var i = 0; i < 1500; i++) {
      var offer = new StringBuilder(offers.get(i % offers.size()));
      for (var change = random.nextInt(6); change >= 0; change--) {
        var at = random.nextInt(offer.length() - 1);
        switch (random.nextInt(4)) {
          case 0 -> offer.setCharAt(at, (char) random.nextInt(128));
          case 1 -> offer.delete(at, Math.min(offer.length() - 1, at + random.nextInt(40)));
          case 2 ->
              offer.insert(
                  at, offer.substring(at, Math.min(offer.length(), at + random.nextInt(80))));
          default -> offer.insert(at, " " + random.nextLong());
        }
      }
      var outcome = Answerer.publishing(offer.toString(), LOCAL, MediaPolicy.ALL);
      if (outcome instanceof Agreed<Agreement>(var agreement)) {
        answered++;
        assertInstanceOf(Agreed.class, SessionDescription.read(agreement.answer()), "seed " + seed);
        assertEquals(
            agreement.peer().media().size(),
            agreed(SessionDescription.read(agreement.answer())).sections().size(),
            "seed " + seed);
      }
      IceFragment.read(offer.toString());
      Offerer.accept(ALL, List.of(), offer.toString());
    }
    assertTrue(answered > 50, answered + " answered, seed " + seed);
  }
}
