package dev.parley.base.event;

import dev.parley.base.words.MessageId;
import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@link ChatEvent}; one record for each kind of event, with the same name.
 *
 * <p>What has been erased since the event is missing from a detail that is resolved later: a
 * message that was deleted in between comes without its text.
 */
public sealed interface ChatDetail extends EventDetail {
  /** The thread that it happened in. */
  ThreadId thread();

  /**
   * Someone in a thread, as the thread knows them.
   *
   * @param userId raw id
   * @param displayName null where the thread has no name for them
   * @param shareHistoryTime from when on they see messages; empty for what comes after joining
   */
  record Participant(
      String userId,
      @Nullable String displayName,
      Optional<Instant> shareHistoryTime,
      Map<String, String> metadata) {
    public Participant {
      metadata = Map.copyOf(metadata);
    }
  }

  /**
   * An image or file of a message.
   *
   * @param type the contract's word, {@code image}
   */
  record Attachment(String id, String type, @Nullable String name) {}

  /**
   * What a thread is, without those who are in it.
   *
   * @param createdBy raw id
   * @param retentionDays days from creation to deletion; 0 when there is no policy
   */
  record Properties(
      ThreadId id,
      String topic,
      Instant createdOn,
      String createdBy,
      Map<String, String> metadata,
      int retentionDays) {
    public Properties {
      metadata = Map.copyOf(metadata);
    }
  }

  /**
   * A written message.
   *
   * @param type the contract's word, {@code text} or {@code html}
   * @param sender raw id
   * @param text empty once the message is deleted
   * @param version epoch milliseconds of the last change
   */
  record Message(
      MessageId id,
      String type,
      String sender,
      @Nullable String senderDisplayName,
      String text,
      Map<String, String> metadata,
      List<Attachment> attachments,
      long version) {
    public Message {
      metadata = Map.copyOf(metadata);
      attachments = List.copyOf(attachments);
    }

    /** When it was sent. */
    public Instant createdOn() {
      return Instant.ofEpochMilli(id.value());
    }
  }

  /** {@code participants} are all of them, the creator included. */
  record ThreadCreated(
      Properties properties, Participant createdBy, List<Participant> participants, long version)
      implements ChatDetail {
    @Override
    public ThreadId thread() {
      return properties.id();
    }
  }

  /** {@code properties} are those after the change. */
  record ThreadPropertiesUpdated(
      Properties properties, Participant updatedBy, Instant updatedOn, long version)
      implements ChatDetail {
    @Override
    public ThreadId thread() {
      return properties.id();
    }
  }

  /** {@code deletedBy} is the creator where the retention policy ended the thread. */
  record ThreadDeleted(
      ThreadId thread,
      Instant createdOn,
      Participant deletedBy,
      Instant deletedOn,
      boolean byPolicy,
      long version)
      implements ChatDetail {}

  record MessageReceived(ThreadId thread, Message message) implements ChatDetail {}

  record MessageEdited(ThreadId thread, Message message, Instant editedOn) implements ChatDetail {}

  record MessageDeleted(ThreadId thread, Message message, Instant deletedOn)
      implements ChatDetail {}

  record ParticipantsAdded(
      ThreadId thread,
      Instant createdOn,
      Participant addedBy,
      List<Participant> participants,
      Instant addedOn,
      long version)
      implements ChatDetail {}

  record ParticipantsRemoved(
      ThreadId thread,
      Instant createdOn,
      Participant removedBy,
      List<Participant> participants,
      Instant removedOn,
      long version)
      implements ChatDetail {}

  /** {@code userId} has read everything up to and including the message. */
  record ReadReceiptSent(ThreadId thread, String userId, MessageId message, Instant readOn)
      implements ChatDetail {}
}
