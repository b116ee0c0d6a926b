package dev.parley.feature.sms;

import java.util.Locale;
import java.util.Optional;

/**
 * The words of the header by which a request says how urgent its messages are. The contract has no
 * member for it, and official clients can add a header by a policy.
 */
enum Urgency {
  URGENT(0),
  NORMAL(1),
  LOW(2),
  BULK(3);

  static final String HEADER = "parley-priority";
  static final String EXPLANATION =
      "The header parley-priority must be urgent, normal, low or bulk.";

  private final int priority;

  Urgency(int priority) {
    this.priority = priority;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As the queue has it: less goes first. */
  int priority() {
    return priority;
  }

  static Optional<Urgency> of(String word) {
    for (var one : values()) {
      if (one.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
