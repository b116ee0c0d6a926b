package dev.parley.feature.chat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What few messages have; stored as JSON beside the text. Absent members are left out.
 *
 * @param topic of {@code topicUpdated}
 * @param participants of {@code participantAdded} and {@code participantRemoved}
 * @param initiator raw id of who did what a system message tells
 */
record MessageDetail(
    @Nullable String topic,
    @Nullable List<Named> participants,
    @Nullable String initiator,
    @Nullable List<Attachment> attachments,
    @Nullable Map<String, String> metadata) {
  static final MessageDetail NONE = new MessageDetail(null, null, null, null, null);

  /** A participant as a system message tells of it. */
  record Named(String userId, @Nullable String displayName, @Nullable Instant shareHistoryTime) {
    static Named of(Participant participant) {
      return new Named(
          participant.userId(),
          participant.displayName(),
          participant.shareHistoryTime().orElse(null));
    }

    Named withoutName() {
      return new Named(userId, null, shareHistoryTime);
    }
  }

  static MessageDetail topic(String topic, String initiator) {
    return new MessageDetail(topic, null, initiator, null, null);
  }

  static MessageDetail participants(List<Participant> participants, String initiator) {
    var named = participants.stream().map(Named::of).toList();
    return new MessageDetail(null, named, initiator, null, null);
  }

  static MessageDetail written(List<Attachment> attachments, Map<String, String> metadata) {
    return new MessageDetail(
        null,
        null,
        null,
        attachments.isEmpty() ? null : attachments,
        metadata.isEmpty() ? null : metadata);
  }

  Map<String, String> metadataOrEmpty() {
    return metadata == null ? Map.of() : metadata;
  }

  List<Attachment> attachmentsOrEmpty() {
    return attachments == null ? List.of() : attachments;
  }

  List<Named> participantsOrEmpty() {
    return participants == null ? List.of() : participants;
  }

  /** The same without the user's name. */
  MessageDetail forgetting(String userId) {
    if (participants == null) {
      return this;
    }
    var rest =
        participants.stream()
            .map(named -> named.userId().equals(userId) ? named.withoutName() : named)
            .toList();
    return new MessageDetail(topic, rest, initiator, attachments, metadata);
  }
}
