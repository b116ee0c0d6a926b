package dev.parley.feature.chat;

import dev.parley.base.words.MessageId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as stored. When it was created follows from its id.
 *
 * @param sequence 1, 2, 3 and so on in its thread
 * @param version epoch milliseconds of the last change; the id at first
 * @param sender raw id, or empty text for a system message
 * @param text of a written message; null once it is deleted
 */
record Message(
    MessageId id,
    long sequence,
    long version,
    MessageType type,
    String sender,
    @Nullable String senderDisplayName,
    @Nullable String text,
    MessageDetail detail,
    Optional<Instant> editedOn,
    Optional<Instant> deletedOn) {
  Instant createdOn() {
    return Instant.ofEpochMilli(id.value());
  }

  boolean deleted() {
    return deletedOn.isPresent();
  }

  Message with(MessageDetail other) {
    return new Message(
        id, sequence, version, type, sender, senderDisplayName, text, other, editedOn, deletedOn);
  }
}
