package dev.parley.feature.relay;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which relay a client is sent to. */
public enum RouteType {
  /** One that is always reachable. */
  ANY,
  /** One near the client, where the operator has such. */
  NEAREST;

  /** The contract's spelling. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RouteType> of(String word) {
    return Stream.of(values()).filter(type -> type.word().equals(word)).findFirst();
  }
}
