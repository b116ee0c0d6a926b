package dev.parley.feature.chat;

import dev.parley.base.bus.Details;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.EventDetail;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What chat events tell, read from the rows of the thread in one snapshot. */
final class ChatDetails implements Details {
  private final Stores stores;
  private final ThreadStore threads = new ThreadStore();
  private final ChatStore messages = new ChatStore();

  ChatDetails(Stores stores) {
    this.stores = stores;
  }

  @Override
  public Optional<EventDetail> of(JournalRow row) {
    return Details.of(row, ChatEvent.class, event -> read(row, event));
  }

  private Optional<EventDetail> read(JournalRow row, ChatEvent event) {
    var key = new ThreadKey(row.partition().resource(), event.thread());
    return stores
        .of(key.resource())
        .read(all -> new Reading(all, key, row.origin()).detail(event).map(detail -> detail));
  }

  /** A message as others see it. */
  static ChatDetail.Message message(Message message) {
    var text = message.text();
    return new ChatDetail.Message(
        message.id(),
        message.type().word(),
        message.sender(),
        message.senderDisplayName(),
        text == null ? "" : text,
        message.detail().metadataOrEmpty(),
        message.detail().attachmentsOrEmpty().stream()
            .map(image ->
                new ChatDetail.Attachment(image.id(), image.attachmentType(), image.name()))
            .toList(),
        message.version());
  }

  /** One event, asked of one snapshot. */
  private final class Reading {
    private final Rows all;
    private final ThreadKey key;
    private final Origin origin;

    Reading(Rows all, ThreadKey key, Origin origin) {
      this.all = all;
      this.key = key;
      this.origin = origin;
    }

    Optional<ChatDetail> detail(ChatEvent event) {
      return switch (event) {
        case ChatEvent.MessageReceived sent ->
            message(sent.message())
                .map(message -> new ChatDetail.MessageReceived(key.id(), message));
        case ChatEvent.MessageEdited edited ->
            message(edited.message())
                .map(message -> new ChatDetail.MessageEdited(key.id(), message, edited.at()));
        case ChatEvent.MessageDeleted deleted ->
            message(deleted.message())
                .map(message -> new ChatDetail.MessageDeleted(key.id(), message, deleted.at()));
        case ChatEvent.ReadReceiptSent read ->
            Optional.of(
                new ChatDetail.ReadReceiptSent(
                    key.id(), read.userId(), read.message(), read.readOn()));
        case ChatEvent.ThreadCreated created -> thread().map(thread -> created(thread, created));
        case ChatEvent.ThreadPropertiesUpdated updated ->
            thread()
                .map(thread ->
                    new ChatDetail.ThreadPropertiesUpdated(
                        properties(thread), actor(thread), updated.at(), updated.version()));
        case ChatEvent.ThreadDeleted deleted -> thread().map(thread -> deleted(thread, deleted));
        case ChatEvent.ParticipantsAdded added ->
            thread()
                .map(thread ->
                    new ChatDetail.ParticipantsAdded(
                        key.id(),
                        thread.createdOn(),
                        actor(thread),
                        told(added.record(), added.userIds()),
                        at(added.record()),
                        added.record().value()));
        case ChatEvent.ParticipantsRemoved removed ->
            thread()
                .map(thread ->
                    new ChatDetail.ParticipantsRemoved(
                        key.id(),
                        thread.createdOn(),
                        actor(thread),
                        told(removed.record(), removed.userIds()),
                        at(removed.record()),
                        removed.record().value()));
      };
    }

    private ChatDetail created(ChatThread thread, ChatEvent.ThreadCreated event) {
      var participants =
          threads.participantsAt(all, key, event.membership()).stream()
              .map(ChatDetails::participant)
              .toList();
      return new ChatDetail.ThreadCreated(
          properties(thread), actor(thread), participants, event.at().toEpochMilli());
    }

    private ChatDetail deleted(ChatThread thread, ChatEvent.ThreadDeleted event) {
      return new ChatDetail.ThreadDeleted(
          key.id(),
          thread.createdOn(),
          actor(thread),
          event.at(),
          event.byPolicy(),
          event.at().toEpochMilli());
    }

    private Optional<ChatThread> thread() {
      return threads.everThread(all, key);
    }

    private Optional<ChatDetail.Message> message(MessageId id) {
      return messages.message(all, key, id.value()).map(ChatDetails::message);
    }

    /** Who did it; the creator where it was no user. */
    private ChatDetail.Participant actor(ChatThread thread) {
      var userId = origin.actor().startsWith("8:") ? origin.actor() : thread.createdBy();
      return threads
          .everParticipant(all, key, userId)
          .map(ChatDetails::participant)
          .orElseGet(() -> participant(Participant.of(userId)));
    }

    /** Participants as the system message names them; a removal took their names from the rows. */
    private List<ChatDetail.Participant> told(MessageId record, List<String> userIds) {
      var named =
          messages
              .message(all, key, record.value())
              .map(message -> message.detail().participantsOrEmpty())
              .orElse(List.of())
              .stream()
              .collect(Collectors.toMap(MessageDetail.Named::userId, Function.identity()));
      return userIds.stream().map(userId -> told(userId, named)).toList();
    }

    private ChatDetail.Participant told(String userId, Map<String, MessageDetail.Named> named) {
      var row = threads.everParticipant(all, key, userId).orElseGet(() -> Participant.of(userId));
      var name = named.get(userId);
      return new ChatDetail.Participant(
          userId,
          name == null ? row.displayName() : name.displayName(),
          name == null ? row.shareHistoryTime() : Optional.ofNullable(name.shareHistoryTime()),
          row.metadata());
    }
  }

  private static Instant at(MessageId record) {
    return Instant.ofEpochMilli(record.value());
  }

  private static ChatDetail.Properties properties(ChatThread thread) {
    return new ChatDetail.Properties(
        thread.id(),
        thread.topic(),
        thread.createdOn(),
        thread.createdBy(),
        thread.metadata(),
        thread.retention().map(Retention::days).orElse(0));
  }

  private static ChatDetail.Participant participant(Participant participant) {
    return new ChatDetail.Participant(
        participant.userId(),
        participant.displayName(),
        participant.shareHistoryTime(),
        participant.metadata());
  }
}
