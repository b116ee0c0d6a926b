package dev.parley.feature.numbers;

import java.util.Optional;

/** Who a number may be given to, in the contract's words. */
public enum AssignmentType {
  PERSON("person"),
  APPLICATION("application");

  private final String word;

  AssignmentType(String word) {
    this.word = word;
  }

  /** The contract's spelling. */
  public String word() {
    return word;
  }

  static Optional<AssignmentType> ofWord(String word) {
    for (var type : values()) {
      if (type.word.equalsIgnoreCase(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
