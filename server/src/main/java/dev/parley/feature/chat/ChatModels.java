package dev.parley.feature.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.IdentifierModel;
import dev.parley.base.words.CommunicationIdentifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the Chat contract, as records. Members of requests may all be missing; answers leave
 * out what is not there.
 */
final class ChatModels {
  private ChatModels() {}

  /** {@code ChatRetentionPolicy}. */
  record RetentionModel(@Nullable String kind, @Nullable Integer deleteThreadAfterDays) {
    static RetentionModel of(Retention retention) {
      return retention.ends()
          ? new RetentionModel("threadCreationDate", retention.days())
          : new RetentionModel("none", null);
    }

    /** The policy of a merge patch; null takes it away. */
    static Retention patched(JsonNode node) {
      if (node.isNull()) {
        return Retention.NONE;
      }
      try {
        return Json.mapper().treeToValue(node, RetentionModel.class).retention();
      } catch (JsonProcessingException _) {
        throw ChatProblems.badRetention();
      }
    }

    Retention retention() {
      if ("none".equals(kind)) {
        return Retention.NONE;
      }
      if (!"threadCreationDate".equals(kind)
          || deleteThreadAfterDays == null
          || deleteThreadAfterDays < Retention.DAYS_MIN
          || deleteThreadAfterDays > Retention.DAYS_MAX) {
        throw ChatProblems.badRetention();
      }
      return new Retention(deleteThreadAfterDays);
    }
  }

  /** {@code ChatParticipant}. */
  record ParticipantModel(
      @Nullable IdentifierModel communicationIdentifier,
      @Nullable String displayName,
      @Nullable Instant shareHistoryTime,
      @Nullable JsonNode metadata) {
    static ParticipantModel of(Participant participant) {
      return new ParticipantModel(
          identifier(participant.userId()),
          participant.displayName(),
          participant.shareHistoryTime().orElse(null),
          metadataOrNull(participant.metadata()));
    }

    static ParticipantModel of(MessageDetail.Named named) {
      return new ParticipantModel(
          identifier(named.userId()), named.displayName(), named.shareHistoryTime(), null);
    }

    Participant participant() {
      if (communicationIdentifier == null) {
        throw ChatProblems.missing("communicationIdentifier");
      }
      return new Participant(
          communicationIdentifier.identifier().rawId(),
          displayName,
          Optional.ofNullable(shareHistoryTime),
          Metadata.given(metadata));
    }
  }

  /** {@code CreateChatThreadRequest}. */
  record CreateThreadRequest(
      @Nullable String topic,
      @Nullable List<@Nullable ParticipantModel> participants,
      @Nullable JsonNode metadata,
      @Nullable RetentionModel retentionPolicy) {}

  /** {@code UpdateChatThreadRequest}; JSON nodes, since a merge patch tells null from absent. */
  record UpdateThreadRequest(
      @Nullable JsonNode topic, @Nullable JsonNode metadata, @Nullable JsonNode retentionPolicy) {}

  /** {@code AddChatParticipantsRequest}. */
  record AddParticipantsRequest(@Nullable List<@Nullable ParticipantModel> participants) {}

  /** {@code ChatThreadProperties}. */
  record ThreadModel(
      String id,
      String topic,
      Instant createdOn,
      IdentifierModel createdByCommunicationIdentifier,
      @Nullable JsonNode metadata,
      @Nullable RetentionModel retentionPolicy) {
    static ThreadModel of(ChatThread thread) {
      return new ThreadModel(
          thread.id().value(),
          thread.topic(),
          thread.createdOn(),
          identifier(thread.createdBy()),
          metadataOrNull(thread.metadata()),
          thread.retention().map(RetentionModel::of).orElse(null));
    }
  }

  /** {@code CreateChatThreadResult}. */
  record CreateThreadResult(
      ThreadModel chatThread, @Nullable List<InvalidParticipant> invalidParticipants) {}

  /** {@code AddChatParticipantsResult}. */
  record AddParticipantsResult(@Nullable List<InvalidParticipant> invalidParticipants) {}

  /** {@code ChatThreadItem}. */
  record ThreadItemModel(String id, String topic, @Nullable Instant lastMessageReceivedOn) {
    static ThreadItemModel of(ThreadItem item) {
      return new ThreadItemModel(
          item.id().value(), item.topic(), item.lastMessageReceivedOn().orElse(null));
    }
  }

  /** {@code ChatAttachment}. */
  record AttachmentModel(
      @Nullable String id,
      @Nullable String attachmentType,
      @Nullable String name,
      @Nullable String url,
      @Nullable String previewUrl) {
    Attachment attachment() {
      if (id == null) {
        throw ChatProblems.missing("attachments.id");
      }
      return new Attachment(id, Image.ATTACHMENT_TYPE, name);
    }
  }

  /** {@code SendChatMessageRequest}. */
  record SendMessageRequest(
      @Nullable String content,
      @Nullable String senderDisplayName,
      @Nullable String type,
      @Nullable JsonNode metadata,
      @Nullable List<@Nullable AttachmentModel> attachments) {}

  /** {@code UpdateChatMessageRequest}. */
  record UpdateMessageRequest(
      @Nullable JsonNode content,
      @Nullable JsonNode metadata,
      @Nullable List<@Nullable AttachmentModel> attachments) {}

  /** {@code SendChatMessageResult}. */
  record SendMessageResult(String id) {}

  /** {@code ChatMessageContent}. */
  record ContentModel(
      @Nullable String message,
      @Nullable String topic,
      @Nullable List<ParticipantModel> participants,
      @Nullable List<AttachmentModel> attachments,
      @Nullable IdentifierModel initiatorCommunicationIdentifier) {}

  /** {@code ChatMessage}. */
  record MessageModel(
      String id,
      String type,
      String sequenceId,
      String version,
      ContentModel content,
      @Nullable String senderDisplayName,
      Instant createdOn,
      @Nullable IdentifierModel senderCommunicationIdentifier,
      @Nullable Instant deletedOn,
      @Nullable Instant editedOn,
      @Nullable JsonNode metadata) {}

  /** {@code SendTypingNotificationRequest}. */
  record TypingRequest(@Nullable String senderDisplayName) {}

  /** {@code SendReadReceiptRequest}. */
  record ReadReceiptRequest(@Nullable String chatMessageId) {}

  /** {@code ChatMessageReadReceipt}. */
  record ReadReceiptModel(
      IdentifierModel senderCommunicationIdentifier, String chatMessageId, Instant readOn) {
    static ReadReceiptModel of(ReadReceipt receipt) {
      return new ReadReceiptModel(
          identifier(receipt.userId()), receipt.message().toString(), receipt.readOn());
    }
  }

  /** {@code UploadChatImageResult}. */
  record UploadImageResult(String id, String attachmentType, @Nullable String name) {}

  /** Any collection of the contract. */
  record Collection<T>(List<T> value, @Nullable String nextLink) {}

  static IdentifierModel identifier(String rawId) {
    return IdentifierModel.of(CommunicationIdentifier.ofRawId(rawId));
  }

  static @Nullable JsonNode metadataOrNull(Map<String, String> metadata) {
    return metadata.isEmpty() ? null : Metadata.json(metadata);
  }
}
