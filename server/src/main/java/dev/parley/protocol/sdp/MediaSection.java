package dev.parley.protocol.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A media section (RFC 8866 section 5.14).
 *
 * @param kind {@code audio}, {@code video}, {@code application}
 * @param port 0 for a section that is refused, or that only lives in a bundle
 * @param formats payload types as text
 */
public record MediaSection(
    String kind, int port, String protocol, List<String> formats, List<SdpAttribute> attributes) {
  public MediaSection {
    formats = List.copyOf(formats);
    attributes = List.copyOf(attributes);
  }

  /** The first value of an attribute. */
  public Optional<String> attribute(String name) {
    return SessionDescription.first(attributes, name);
  }

  /** All values of an attribute. */
  public List<String> attributes(String name) {
    return SessionDescription.all(attributes, name);
  }

  public boolean has(String name) {
    return attribute(name).isPresent();
  }

  /**
   * Whether the section is refused; port 0 with {@code bundle-only} is not (RFC 9143 section 6).
   */
  public boolean isRefused() {
    return port == 0 && !has("bundle-only");
  }
}
