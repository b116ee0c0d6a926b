package dev.parley.feature.chat;

import java.util.Optional;

/** {@code ChatMessageType} of the contract. */
enum MessageType {
  TEXT("text"),
  HTML("html"),
  TOPIC_UPDATED("topicUpdated"),
  PARTICIPANT_ADDED("participantAdded"),
  PARTICIPANT_REMOVED("participantRemoved");

  private final String word;

  MessageType(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Whether users write it; the service writes the others. */
  boolean written() {
    return this == TEXT || this == HTML;
  }

  static Optional<MessageType> ofWord(String word) {
    for (var type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
