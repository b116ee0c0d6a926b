package dev.parley.protocol.sdp;

import java.util.ArrayList;
import java.util.List;

/** Text to lines to a description, within bounds. */
final class SdpReader {
  /** A server offer of many sections is the longest that there is. */
  static final int CHARACTERS_MAX = 256 * 1024;

  static final int LINES_MAX = 10_000;
  static final int SECTIONS_MAX = 128;
  private static final int FORMATS_MAX = 128;

  private SdpReader() {}

  /** The lines, each with a letter and an equals sign in front. */
  static List<String> lines(String text) throws SdpProblem {
    if (text.length() > CHARACTERS_MAX) {
      throw new SdpProblem(SdpReason.TOO_LONG, text.length() + " characters");
    }
    // RFC 8866 section 5: a receiver takes LF alone as well.
    var lines = text.lines().limit(LINES_MAX + 1L).filter(line -> !line.isEmpty()).toList();
    if (lines.size() > LINES_MAX) {
      throw new SdpProblem(SdpReason.TOO_LONG, "More than " + LINES_MAX + " lines");
    }
    for (var line : lines) {
      if (line.length() < 2 || line.charAt(1) != '=' || line.indexOf('\0') >= 0) {
        throw new SdpProblem(SdpReason.MALFORMED, "The line \"" + line + "\"");
      }
    }
    return lines;
  }

  static SessionDescription read(String text) throws SdpProblem {
    var lines = lines(text);
    if (lines.isEmpty() || !lines.getFirst().equals("v=0")) {
      throw new SdpProblem(SdpReason.MALFORMED, "No v=0 at the begin");
    }
    var origin = "";
    var session = new ArrayList<SdpAttribute>();
    var attributes = session;
    var sections = new ArrayList<MediaSection>();
    MediaSection open = null;
    for (var line : lines) {
      var value = line.substring(2);
      switch (line.charAt(0)) {
        case 'o' -> origin = value;
        case 'a' -> attributes.add(attribute(value));
        case 'm' -> {
          if (open != null) {
            sections.add(close(open, attributes));
          }
          if (sections.size() == SECTIONS_MAX) {
            throw new SdpProblem(
                SdpReason.TOO_MANY_SECTIONS, "More than " + SECTIONS_MAX + " sections");
          }
          open = section(value);
          attributes = new ArrayList<>();
        }
        // Names, bandwidths, times and addresses say nothing to a server that is ICE-lite.
        default -> {}
      }
    }
    if (open != null) {
      sections.add(close(open, attributes));
    }
    return new SessionDescription(origin, session, sections);
  }

  static SdpAttribute attribute(String text) throws SdpProblem {
    var colon = text.indexOf(':');
    var name = colon < 0 ? text : text.substring(0, colon);
    if (name.isEmpty()) {
      throw new SdpProblem(SdpReason.MALFORMED, "An attribute without a name");
    }
    return new SdpAttribute(name, colon < 0 ? "" : text.substring(colon + 1).strip());
  }

  private static MediaSection section(String text) throws SdpProblem {
    var words = words(text);
    if (words.size() < 4) {
      throw new SdpProblem(SdpReason.MALFORMED, "The section \"" + text + "\"");
    }
    if (words.size() > FORMATS_MAX + 3) {
      throw new SdpProblem(SdpReason.TOO_LONG, "A section with " + words.size() + " formats");
    }
    var port = (int) SdpProblem.number(words.get(1), 0, 65_535, "The port");
    return new MediaSection(
        words.get(0), port, words.get(2), words.subList(3, words.size()), List.of());
  }

  private static MediaSection close(MediaSection open, List<SdpAttribute> attributes) {
    return new MediaSection(open.kind(), open.port(), open.protocol(), open.formats(), attributes);
  }

  /** What stands between blanks. */
  static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }
}
