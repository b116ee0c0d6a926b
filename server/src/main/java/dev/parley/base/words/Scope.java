package dev.parley.base.words;

import java.util.Optional;

/** What a user access token allows (identity contract 2023-10-01). */
public enum Scope {
  CHAT("chat"),
  CHAT_JOIN("chat.join"),
  CHAT_JOIN_LIMITED("chat.join.limited"),
  VOIP("voip"),
  VOIP_JOIN("voip.join");

  private final String word;

  Scope(String word) {
    this.word = word;
  }

  /** The contract's spelling. */
  public String word() {
    return word;
  }

  /** The scope of that exact spelling. */
  public static Optional<Scope> ofWord(String word) {
    for (var scope : values()) {
      if (scope.word.equals(word)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
