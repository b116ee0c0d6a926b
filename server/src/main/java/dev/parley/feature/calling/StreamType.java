package dev.parley.feature.calling;

import java.util.Optional;

/** What is sent, in the words of the protocol. */
enum StreamType {
  AUDIO("Audio"),
  VIDEO("Video"),
  SCREEN("ScreenSharing");

  private final String word;

  StreamType(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Optional<StreamType> of(String word) {
    for (var type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
