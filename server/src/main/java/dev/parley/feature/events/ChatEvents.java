package dev.parley.feature.events;

import static dev.parley.feature.events.EventMap.identifier;
import static dev.parley.feature.events.EventMap.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatDetail.Participant;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.EventDetail;
import dev.parley.base.words.MessageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events of one chat row: one for the thread, and one for each participant but the actor. Where
 * the content has been erased, ids and times are all that they say.
 */
final class ChatEvents {
  private final EventMap.Draft draft;
  private final Optional<EventDetail> detail;
  private final Optional<ChatDetail.Message> message;
  private final List<String> recipients;
  private final String actor;
  private final List<GridEvent> events = new ArrayList<>();

  ChatEvents(EventMap.Draft draft, Optional<EventDetail> detail, List<String> members) {
    this.draft = draft;
    this.detail = detail;
    this.message = detail.flatMap(ChatEvents::message);
    this.actor = draft.row().origin().actor();
    this.recipients = members.stream().filter(member -> !member.equals(actor)).toList();
  }

  List<GridEvent> of(ChatEvent event) {
    var thread = "thread/" + event.thread();
    switch (event) {
      case ChatEvent.MessageReceived received -> {
        var sent = Instant.ofEpochMilli(received.message().value());
        both("ChatMessageReceived", thread, sent, withBody(message(received.message())));
      }
      case ChatEvent.MessageEdited edited -> {
        var data = withBody(message(edited.message()));
        data.put("editTime", edited.at().toString()).put("version", edited.version());
        both("ChatMessageEdited", thread, edited.at(), data);
      }
      case ChatEvent.MessageDeleted deleted -> {
        var data = message(deleted.message());
        data.put("deleteTime", deleted.at().toString()).put("version", deleted.version());
        both("ChatMessageDeleted", thread, deleted.at(), data);
      }
      case ChatEvent.ThreadCreated created -> threadCreated(thread, created);
      case ChatEvent.ThreadPropertiesUpdated updated -> propertiesUpdated(thread, updated);
      case ChatEvent.ThreadDeleted deleted -> threadDeleted(thread, deleted);
      case ChatEvent.ParticipantsAdded added -> participantsAdded(thread, added);
      case ChatEvent.ParticipantsRemoved removed -> participantsRemoved(thread, removed);
      case ChatEvent.ReadReceiptSent _ -> {
        // The Event Grid has no event for it.
      }
    }
    return events;
  }

  // Messages.

  private static Optional<ChatDetail.Message> message(EventDetail detail) {
    return switch (detail) {
      case ChatDetail.MessageReceived received -> Optional.of(received.message());
      case ChatDetail.MessageEdited edited -> Optional.of(edited.message());
      case ChatDetail.MessageDeleted deleted -> Optional.of(deleted.message());
      default -> Optional.empty();
    };
  }

  private ObjectNode message(MessageId id) {
    var data = object();
    data.put("messageId", id.toString());
    data.set("senderCommunicationIdentifier", identifier(sender()));
    message.ifPresent(known -> put(data, "senderDisplayName", known.senderDisplayName()));
    data.put("composeTime", Instant.ofEpochMilli(id.value()).toString());
    data.put("type", message.map(known -> type(known.type())).orElse("Text"));
    data.put("version", message.map(ChatDetail.Message::version).orElse(id.value()));
    return data;
  }

  private ObjectNode withBody(ObjectNode data) {
    message.ifPresent(known -> {
      data.put("messageBody", known.text());
      put(data, "metadata", known.metadata());
    });
    return data;
  }

  private String sender() {
    return message.map(ChatDetail.Message::sender).orElse(actor);
  }

  /** {@code Text}, with a capital as the service writes it. */
  private static String type(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private void both(String name, String thread, Instant time, ObjectNode data) {
    finish(data);
    var subject = thread + "/sender/" + sender();
    events.add(draft.event(name + "InThread", subject, time, data));
    toEach(name, subject, time, data);
  }

  /**
   * {@code AcsChatTypingIndicatorReceivedInThreadEventData}; the type is that of the chat protocol.
   */
  static ObjectNode typing(Signal.Typing typing) {
    var data = object();
    data.put("messageId", Long.toString(typing.version()));
    data.set("senderCommunicationIdentifier", identifier(typing.userId()));
    data.put("senderDisplayName", typing.senderDisplayName());
    data.put("composeTime", typing.at().toString());
    data.put("type", "Control/Typing");
    data.put("version", typing.version());
    data.put("messageBody", "");
    data.put("transactionId", "");
    data.put("threadId", typing.thread().value());
    return data;
  }

  // Threads.

  private void threadCreated(String thread, ChatEvent.ThreadCreated event) {
    var data = object();
    var content = detail(ChatDetail.ThreadCreated.class);
    var by = content.map(known -> known.createdBy().userId()).orElse(actor);
    data.set("createdByCommunicationIdentifier", identifier(by));
    properties(data, content.map(ChatDetail.ThreadCreated::properties));
    var participants = data.putArray("participants");
    content.ifPresent(known -> known.participants().forEach(who -> add(participants, who)));
    data.put("createTime", event.at().toString());
    data.put("version", event.at().toEpochMilli());
    finish(data);
    var subject = thread + "/createdBy/" + by;
    events.add(draft.event("ChatThreadCreated", subject, event.at(), data));
    toEach("ChatThreadCreatedWithUser", subject, event.at(), data);
  }

  private void propertiesUpdated(String thread, ChatEvent.ThreadPropertiesUpdated event) {
    var data = object();
    var content = detail(ChatDetail.ThreadPropertiesUpdated.class);
    var by = content.map(known -> known.updatedBy().userId()).orElse(actor);
    data.set("editedByCommunicationIdentifier", identifier(by));
    data.put("editTime", event.at().toString());
    properties(data, content.map(ChatDetail.ThreadPropertiesUpdated::properties));
    createTime(data, content.map(known -> known.properties().createdOn()));
    data.put("version", event.version());
    finish(data);
    var subject = thread + "/editedBy/" + by;
    events.add(draft.event("ChatThreadPropertiesUpdated", subject, event.at(), data));
    toEach("ChatThreadPropertiesUpdatedPerUser", subject, event.at(), data);
  }

  private void threadDeleted(String thread, ChatEvent.ThreadDeleted event) {
    var data = object();
    var content = detail(ChatDetail.ThreadDeleted.class);
    var by = content.map(known -> known.deletedBy().userId()).orElse(actor);
    data.set("deletedByCommunicationIdentifier", identifier(by));
    data.put("deleteTime", event.at().toString());
    createTime(data, content.map(ChatDetail.ThreadDeleted::createdOn));
    data.put("version", event.at().toEpochMilli());
    finish(data);
    var subject = thread + "/deletedBy/" + by;
    events.add(draft.event("ChatThreadDeleted", subject, event.at(), data));
    toEach("ChatThreadWithUserDeleted", subject, event.at(), data);
  }

  // Participants: one event for each of those added or removed.

  private void participantsAdded(String thread, ChatEvent.ParticipantsAdded event) {
    var content = detail(ChatDetail.ParticipantsAdded.class);
    var by = content.map(known -> known.addedBy().userId()).orElse(actor);
    var created = content.map(ChatDetail.ParticipantsAdded::createdOn);
    var who = content.map(ChatDetail.ParticipantsAdded::participants).orElse(List.of());
    for (var user : event.userIds()) {
      var data = changed("added", by, named(who, user), event.record().value(), created);
      var time = Instant.ofEpochMilli(event.record().value());
      // The service writes this one subject in small letters.
      var small = thread + "/participantadded/" + user;
      events.add(draft.event("ChatThreadParticipantAdded", small, time, data));
      var subject = thread + "/participantAdded/" + user;
      toEach("ChatParticipantAddedToThreadWithUser", subject, time, data);
    }
  }

  private void participantsRemoved(String thread, ChatEvent.ParticipantsRemoved event) {
    var content = detail(ChatDetail.ParticipantsRemoved.class);
    var by = content.map(known -> known.removedBy().userId()).orElse(actor);
    var created = content.map(ChatDetail.ParticipantsRemoved::createdOn);
    var who = content.map(ChatDetail.ParticipantsRemoved::participants).orElse(List.of());
    for (var user : event.userIds()) {
      var data = changed("removed", by, named(who, user), event.record().value(), created);
      var time = Instant.ofEpochMilli(event.record().value());
      var small = thread + "/participantremoved/" + user;
      events.add(draft.event("ChatThreadParticipantRemoved", small, time, data));
      var subject = thread + "/participantRemoved/" + user;
      toEach("ChatParticipantRemovedFromThreadWithUser", subject, time, data);
    }
  }

  private ObjectNode changed(
      String what, String by, Participant who, long record, Optional<Instant> created) {
    var data = object();
    data.put("time", Instant.ofEpochMilli(record).toString());
    data.set(what + "ByCommunicationIdentifier", identifier(by));
    var capital = what.equals("added") ? "participantAdded" : "participantRemoved";
    data.set(capital, participant(who));
    createTime(data, created);
    data.put("version", record);
    finish(data);
    return data;
  }

  private static Participant named(List<Participant> known, String userId) {
    return known.stream()
        .filter(participant -> participant.userId().equals(userId))
        .findFirst()
        .orElseGet(() -> new Participant(userId, null, Optional.empty(), Map.of()));
  }

  // Parts.

  private <T> Optional<T> detail(Class<T> type) {
    return detail.filter(type::isInstance).map(type::cast);
  }

  /** The same for every recipient, whom data and subject name. */
  private void toEach(String name, String subject, Instant time, ObjectNode data) {
    for (var recipient : recipients) {
      var copy = object();
      copy.set("recipientCommunicationIdentifier", identifier(recipient));
      copy.setAll(data);
      events.add(draft.event(name, subject + "/recipient/" + recipient, time, copy));
    }
  }

  private void finish(ObjectNode data) {
    data.put("transactionId", draft.row().origin().requestId());
    data.put("threadId", ((ChatEvent) draft.row().event()).thread().value());
  }

  private static void properties(ObjectNode data, Optional<ChatDetail.Properties> properties) {
    var node = data.putObject("properties");
    properties.ifPresent(known -> {
      node.put("topic", known.topic());
      put(data, "metadata", known.metadata());
    });
  }

  private static void createTime(ObjectNode data, Optional<Instant> created) {
    created.ifPresent(time -> data.put("createTime", time.toString()));
  }

  private static void add(ArrayNode participants, Participant who) {
    participants.add(participant(who));
  }

  private static ObjectNode participant(Participant who) {
    var node = object();
    put(node, "displayName", who.displayName());
    node.set("participantCommunicationIdentifier", identifier(who.userId()));
    put(node, "metadata", who.metadata());
    return node;
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static void put(ObjectNode node, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      var object = node.putObject(name);
      values.forEach(object::put);
    }
  }
}
