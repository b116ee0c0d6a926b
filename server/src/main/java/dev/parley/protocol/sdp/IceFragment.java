package dev.parley.protocol.sdp;

import java.util.ArrayList;
import java.util.List;

/**
 * A fragment of a description with candidates or new credentials (RFC 8840 section 9), as WHIP
 * clients send with PATCH (RFC 9725 section 4.3).
 *
 * @param ice the credentials that the candidates belong to, or new ones for a restart
 * @param candidates what stands behind {@code candidate:}
 * @param complete whether no more will come
 */
public record IceFragment(IceCredentials ice, List<String> candidates, boolean complete) {
  private static final int CANDIDATES_MAX = 64;

  public IceFragment {
    candidates = List.copyOf(candidates);
  }

  /** Reads a fragment. */
  public static SdpOutcome<IceFragment> read(String text) {
    return SdpOutcome.of(() -> {
      var attributes = new ArrayList<SdpAttribute>();
      for (var line : SdpReader.lines(text)) {
        if (line.startsWith("a=")) {
          attributes.add(SdpReader.attribute(line.substring(2)));
        }
      }
      var candidates = SessionDescription.all(attributes, "candidate");
      if (candidates.size() > CANDIDATES_MAX) {
        throw new SdpProblem(SdpReason.TOO_LONG, candidates.size() + " candidates");
      }
      return new IceFragment(
          IceCredentials.of(
              SessionDescription.first(attributes, "ice-ufrag").orElse(""),
              SessionDescription.first(attributes, "ice-pwd").orElse("")),
          candidates,
          SessionDescription.first(attributes, "end-of-candidates").isPresent());
    });
  }

  /**
   * The fragment as text: the answer to a restart.
   *
   * @param mid the section whose transport all share
   */
  public String write(String mid) {
    var text =
        new StringBuilder(
                "a=ice-lite\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
                    .formatted(ice.fragment(), ice.password()))
            .append("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:")
            .append(mid)
            .append("\r\n");
    candidates.forEach(
        candidate -> text.append(new SdpAttribute("candidate", candidate)).append("\r\n"));
    if (complete) {
      text.append("a=end-of-candidates\r\n");
    }
    return text.toString();
  }
}
