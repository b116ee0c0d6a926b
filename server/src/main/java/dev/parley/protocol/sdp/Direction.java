package dev.parley.protocol.sdp;

import java.util.Locale;

/** Who sends (RFC 8866 section 6.7), seen from whoever writes the description. */
public enum Direction {
  SENDRECV(true, true),
  SENDONLY(true, false),
  RECVONLY(false, true),
  INACTIVE(false, false);

  private final boolean sends;
  private final boolean receives;

  Direction(boolean sends, boolean receives) {
    this.sends = sends;
    this.receives = receives;
  }

  public boolean sends() {
    return sends;
  }

  public boolean receives() {
    return receives;
  }

  /** The direction that a section says; both ways when it says nothing. */
  static Direction of(SessionDescription session, MediaSection section) {
    for (var direction : values()) {
      if (section.has(direction.attribute())) {
        return direction;
      }
    }
    for (var direction : values()) {
      if (session.attribute(direction.attribute()).isPresent()) {
        return direction;
      }
    }
    return SENDRECV;
  }

  String attribute() {
    return name().toLowerCase(Locale.ROOT);
  }
}
