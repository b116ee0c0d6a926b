package dev.parley.feature.realtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.IdentifierModel;
import dev.parley.base.words.CommunicationIdentifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chat events as a stream for servers tells them: names as in the signalling SDK, objects as in the
 * REST contract of chat.
 */
final class StreamEvents {
  private StreamEvents() {}

  /** The name and the data of an event. */
  record Told(String name, String data) {
    /**
     * The event as it stands in a stream (HTML standard, section Server-sent events).
     *
     * @param position empty text for what cannot be asked for again
     */
    String text(String position) {
      var id = position.isEmpty() ? "" : "id: " + position + "\n";
      return id + "event: " + name + "\ndata: " + data + "\n\n";
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ParticipantModel(
      IdentifierModel communicationIdentifier,
      @Nullable String displayName,
      @Nullable Instant shareHistoryTime,
      @Nullable Map<String, String> metadata) {
    static ParticipantModel of(ChatDetail.Participant participant) {
      return new ParticipantModel(
          who(participant.userId()),
          participant.displayName(),
          participant.shareHistoryTime().orElse(null),
          unlessEmpty(participant.metadata()));
    }

    static List<ParticipantModel> of(List<ChatDetail.Participant> participants) {
      return participants.stream().map(ParticipantModel::of).toList();
    }
  }

  private record RetentionModel(String kind, int deleteThreadAfterDays) {}

  private record AttachmentModel(String id, String attachmentType, @Nullable String name) {}

  private record ContentModel(String message, @Nullable List<AttachmentModel> attachments) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record MessageModel(
      String id,
      String type,
      String version,
      @Nullable ContentModel content,
      @Nullable String senderDisplayName,
      Instant createdOn,
      IdentifierModel senderCommunicationIdentifier,
      @Nullable Map<String, String> metadata,
      @Nullable Instant editedOn,
      @Nullable Instant deletedOn) {}

  private record MessageEvent(String threadId, MessageModel message) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ThreadEvent(
      String threadId,
      String version,
      @Nullable String topic,
      @Nullable Map<String, String> metadata,
      @Nullable RetentionModel retentionPolicy,
      @Nullable Instant createdOn,
      @Nullable Instant updatedOn,
      @Nullable Instant deletedOn,
      @Nullable Instant addedOn,
      @Nullable Instant removedOn,
      @Nullable String reason,
      ParticipantModel initiator,
      @Nullable List<ParticipantModel> participants) {}

  private record ReceiptEvent(
      String threadId,
      IdentifierModel senderCommunicationIdentifier,
      String chatMessageId,
      Instant readOn) {}

  private record TypingEvent(
      String threadId,
      IdentifierModel senderCommunicationIdentifier,
      String senderDisplayName,
      Instant receivedOn) {}

  static Told of(ChatDetail detail) {
    return switch (detail) {
      case ChatDetail.MessageReceived sent ->
          message("chatMessageReceived", detail, sent.message(), null, null);
      case ChatDetail.MessageEdited edited ->
          message("chatMessageEdited", detail, edited.message(), edited.editedOn(), null);
      case ChatDetail.MessageDeleted deleted ->
          message("chatMessageDeleted", detail, deleted.message(), null, deleted.deletedOn());
      case ChatDetail.ReadReceiptSent read ->
          told(
              "readReceiptReceived",
              new ReceiptEvent(
                  read.thread().value(),
                  who(read.userId()),
                  read.message().toString(),
                  read.readOn()));
      case ChatDetail.ThreadCreated created ->
          told(
              "chatThreadCreated",
              thread(
                  created.properties(),
                  created.version(),
                  created.createdBy(),
                  null,
                  ParticipantModel.of(created.participants())));
      case ChatDetail.ThreadPropertiesUpdated updated ->
          told(
              "chatThreadPropertiesUpdated",
              thread(
                  updated.properties(),
                  updated.version(),
                  updated.updatedBy(),
                  updated.updatedOn(),
                  null));
      case ChatDetail.ThreadDeleted deleted -> deleted(deleted);
      case ChatDetail.ParticipantsAdded added ->
          told(
              "participantsAdded",
              new ThreadEvent(
                  added.thread().value(),
                  Long.toString(added.version()),
                  null,
                  null,
                  null,
                  added.createdOn(),
                  null,
                  null,
                  added.addedOn(),
                  null,
                  null,
                  ParticipantModel.of(added.addedBy()),
                  ParticipantModel.of(added.participants())));
      case ChatDetail.ParticipantsRemoved removed ->
          told(
              "participantsRemoved",
              new ThreadEvent(
                  removed.thread().value(),
                  Long.toString(removed.version()),
                  null,
                  null,
                  null,
                  removed.createdOn(),
                  null,
                  null,
                  null,
                  removed.removedOn(),
                  null,
                  ParticipantModel.of(removed.removedBy()),
                  ParticipantModel.of(removed.participants())));
    };
  }

  static Told of(Signal.Typing typing) {
    return told(
        "typingIndicatorReceived",
        new TypingEvent(
            typing.thread().value(),
            who(typing.userId()),
            typing.senderDisplayName(),
            typing.at()));
  }

  private static Told message(
      String name,
      ChatDetail detail,
      ChatDetail.Message message,
      @Nullable Instant editedOn,
      @Nullable Instant deletedOn) {
    var attachments =
        message.attachments().stream()
            .map(each -> new AttachmentModel(each.id(), each.type(), each.name()))
            .toList();
    var content =
        deletedOn == null
            ? new ContentModel(message.text(), attachments.isEmpty() ? null : attachments)
            : null;
    return told(
        name,
        new MessageEvent(
            detail.thread().value(),
            new MessageModel(
                message.id().toString(),
                message.type(),
                Long.toString(message.version()),
                content,
                message.senderDisplayName(),
                message.createdOn(),
                who(message.sender()),
                unlessEmpty(message.metadata()),
                editedOn,
                deletedOn)));
  }

  private static ThreadEvent thread(
      ChatDetail.Properties properties,
      long version,
      ChatDetail.Participant initiator,
      @Nullable Instant updatedOn,
      @Nullable List<ParticipantModel> participants) {
    return new ThreadEvent(
        properties.id().value(),
        Long.toString(version),
        properties.topic(),
        unlessEmpty(properties.metadata()),
        properties.retentionDays() == 0
            ? null
            : new RetentionModel("threadCreationDate", properties.retentionDays()),
        properties.createdOn(),
        updatedOn,
        null,
        null,
        null,
        null,
        ParticipantModel.of(initiator),
        participants);
  }

  private static Told deleted(ChatDetail.ThreadDeleted deleted) {
    return told(
        "chatThreadDeleted",
        new ThreadEvent(
            deleted.thread().value(),
            Long.toString(deleted.version()),
            null,
            null,
            null,
            deleted.createdOn(),
            null,
            deleted.deletedOn(),
            null,
            null,
            deleted.byPolicy() ? "deletedByPolicy" : "deletedByUser",
            ParticipantModel.of(deleted.deletedBy()),
            null));
  }

  private static Told told(String name, Object event) {
    return new Told(name, Json.text(event));
  }

  private static IdentifierModel who(String userId) {
    return IdentifierModel.of(CommunicationIdentifier.ofRawId(userId));
  }

  private static @Nullable Map<String, String> unlessEmpty(Map<String, String> metadata) {
    return metadata.isEmpty() ? null : metadata;
  }
}
