package dev.parley.media;

import dev.parley.protocol.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What a client without a browser says of itself. */
final class RtcSdp {
  private static final String VIDEO =
      """
      m=video 9 UDP/TLS/RTP/SAVPF 96 97
      a=rtpmap:96 VP8/90000
      a=rtcp-fb:96 nack
      a=rtcp-fb:96 nack pli
      %sa=rtpmap:97 rtx/90000
      a=fmtp:97 apt=96
      """;

  private static final String AUDIO =
      """
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=rtpmap:111 opus/48000/2
      %sa=fmtp:111 minptime=10;useinbandfec=1
      """;

  private static final String ORIENTATION = "urn:3gpp:video-orientation";
  private static final String LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

  private RtcSdp() {}

  private static String candidate(InetSocketAddress place) {
    return "a=candidate:1 1 udp 2130706431 %s %d typ host\n"
        .formatted(place.getAddress().getHostAddress(), place.getPort());
  }

  /** Voices come first. */
  static String offer(
      IceCredentials ice,
      String fingerprint,
      boolean sends,
      int audios,
      int videos,
      boolean everything,
      InetSocketAddress place) {
    var sections = new ArrayList<String>();
    for (var i = 0; i < audios + videos; i++) {
      var video = i >= audios;
      var feedback =
          everything
              ? "a=rtcp-fb:%d transport-cc\n".formatted(video ? RtcClient.VP8 : RtcClient.OPUS)
              : "";
      var section = new StringBuilder((video ? VIDEO : AUDIO).formatted(feedback));
      if (everything) {
        section.append(
            """
            a=extmap:1 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
            a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:4 %s
            """
                .formatted(video ? ORIENTATION : LEVEL));
        section.append(candidate(place));
      }
      if (sends) {
        section.append(
            video ? sources(RtcClient.SSRC, RtcClient.RTX_SSRC) : sources(RtcLoad.VOICE));
      }
      sections.add(section.toString());
    }
    // Who sends first is the DTLS client, whatever the server would rather be.
    var setup = everything ? "active" : "actpass";
    return of(ice, fingerprint, setup, sends ? "sendonly" : "recvonly", sections);
  }

  /**
   * An offer or an answer.
   *
   * @param sections each an m line and what says its formats, its extensions and sources; they are
   *     named by their place
   */
  static String of(
      IceCredentials ice,
      String fingerprint,
      String setup,
      String direction,
      List<String> sections) {
    var names = new ArrayList<String>();
    for (var i = 0; i < sections.size(); i++) {
      names.add(Integer.toString(i));
    }
    return of(ice, fingerprint, setup, direction, names, sections);
  }

  private static String of(
      IceCredentials ice,
      String fingerprint,
      String setup,
      String direction,
      List<String> names,
      List<String> sections) {
    var text =
        new StringBuilder(
            """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE %s
            """
                .formatted(String.join(" ", names)));
    for (var i = 0; i < sections.size(); i++) {
      var section = sections.get(i);
      var line = section.indexOf('\n') + 1;
      text.append(section, 0, line)
          .append(
              """
              c=IN IP4 0.0.0.0
              a=mid:%s
              a=ice-ufrag:%s
              a=ice-pwd:%s
              a=fingerprint:%s
              a=setup:%s
              a=rtcp-mux
              a=%s
              """
                  .formatted(
                      names.get(i), ice.fragment(), ice.password(), fingerprint, setup, direction))
          .append(section, line, section.length());
    }
    return text.toString().replace("\n", "\r\n");
  }

  private static String sources(int... sources) {
    var lines = new StringBuilder();
    if (sources.length > 1) {
      lines.append("a=ssrc-group:FID %d %d\n".formatted(sources[0], sources[1]));
    }
    for (var source : sources) {
      lines.append("a=ssrc:%d cname:a\n".formatted(source));
    }
    return lines.toString();
  }

  /** An answer that takes every section of the offer as it is. */
  static String answer(
      String offer, IceCredentials ice, String fingerprint, InetSocketAddress place) {
    var names = new ArrayList<String>();
    var sections = new ArrayList<String>();
    for (var section : sections(offer)) {
      names.add(RtcClient.find(section, "a=mid:(\\S+)"));
      var kept =
          section.lines().filter(line -> line.matches("(m=|a=(rtpmap|fmtp|rtcp-fb|extmap):).*"));
      sections.add(String.join("\n", kept.toList()) + "\n" + candidate(place));
    }
    return of(ice, fingerprint, "active", "recvonly", names, sections);
  }

  private static List<String> sections(String sdp) {
    var all = new ArrayList<String>();
    for (var start = sdp.indexOf("m="); start >= 0; ) {
      var end = sdp.indexOf("\nm=", start);
      all.add(sdp.substring(start, end < 0 ? sdp.length() : end));
      start = end < 0 ? -1 : end + 1;
    }
    return all;
  }
}
