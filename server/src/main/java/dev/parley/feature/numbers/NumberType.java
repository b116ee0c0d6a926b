package dev.parley.feature.numbers;

import java.util.Optional;

/** What kind of number it is, in the contract's words. */
public enum NumberType {
  GEOGRAPHIC("geographic"),
  TOLL_FREE("tollFree"),
  MOBILE("mobile");

  private final String word;

  NumberType(String word) {
    this.word = word;
  }

  /** The contract's spelling. */
  public String word() {
    return word;
  }

  /** The type of that spelling, in any case: old clients write {@code TollFree}. */
  static Optional<NumberType> ofWord(String word) {
    for (var type : values()) {
      if (type.word.equalsIgnoreCase(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
