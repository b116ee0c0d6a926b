package dev.parley.protocol.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A session description (RFC 8866).
 *
 * @param origin what stands behind {@code o=}
 */
public record SessionDescription(
    String origin, List<SdpAttribute> attributes, List<MediaSection> sections) {
  public SessionDescription {
    attributes = List.copyOf(attributes);
    sections = List.copyOf(sections);
  }

  /** Reads a description; the only one way in for text from outside. */
  public static SdpOutcome<SessionDescription> read(String text) {
    return SdpOutcome.of(() -> SdpReader.read(text));
  }

  /** The first value of an attribute of the session. */
  public Optional<String> attribute(String name) {
    return first(attributes, name);
  }

  /** All values of an attribute of the session. */
  public List<String> attributes(String name) {
    return all(attributes, name);
  }

  /** The value in a section, or else the session's. */
  Optional<String> attribute(MediaSection section, String name) {
    return section.attribute(name).or(() -> attribute(name));
  }

  /** The description as text, with CRLF at each line's end. */
  public String write() {
    var text = new StringBuilder("v=0\r\no=").append(origin).append("\r\ns=-\r\nt=0 0\r\n");
    attributes.forEach(attribute -> text.append(attribute).append("\r\n"));
    for (var section : sections) {
      text.append("m=%s %d %s ".formatted(section.kind(), section.port(), section.protocol()))
          .append(String.join(" ", section.formats()))
          .append("\r\nc=IN IP4 0.0.0.0\r\n");
      section.attributes().forEach(attribute -> text.append(attribute).append("\r\n"));
    }
    return text.toString();
  }

  static Optional<String> first(List<SdpAttribute> attributes, String name) {
    return attributes.stream()
        .filter(attribute -> attribute.name().equals(name))
        .map(SdpAttribute::value)
        .findFirst();
  }

  static List<String> all(List<SdpAttribute> attributes, String name) {
    return attributes.stream()
        .filter(attribute -> attribute.name().equals(name))
        .map(SdpAttribute::value)
        .toList();
  }
}
