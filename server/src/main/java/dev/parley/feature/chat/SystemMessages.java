package dev.parley.feature.chat;

import dev.parley.base.words.MessageId;
import java.util.Optional;

/** Messages that the service writes about what happened to a thread. */
final class SystemMessages {
  private SystemMessages() {}

  static Message of(long id, long sequence, MessageType type, MessageDetail detail) {
    return new Message(
        new MessageId(id),
        sequence,
        id,
        type,
        "",
        null,
        null,
        detail,
        Optional.empty(),
        Optional.empty());
  }
}
