package dev.parley.feature.numbers;

import java.util.Optional;

/** In which directions something works, in the contract's words. */
public enum Capability {
  NONE("none", false, false),
  INBOUND("inbound", true, false),
  OUTBOUND("outbound", false, true),
  BOTH("inbound+outbound", true, true);

  private final String word;
  private final boolean inbound;
  private final boolean outbound;

  Capability(String word, boolean inbound, boolean outbound) {
    this.word = word;
    this.inbound = inbound;
    this.outbound = outbound;
  }

  /** The contract's spelling. */
  public String word() {
    return word;
  }

  /** Whether it works toward us. */
  public boolean inbound() {
    return inbound;
  }

  /** Whether it works away from us. */
  public boolean outbound() {
    return outbound;
  }

  boolean includes(Capability other) {
    return (inbound || !other.inbound) && (outbound || !other.outbound);
  }

  static Optional<Capability> ofWord(String word) {
    for (var capability : values()) {
      if (capability.word.equalsIgnoreCase(word)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
