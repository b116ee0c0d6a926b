package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.words.ThreadId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ten chat events as the SDKs of web, Android and iOS read them: event numbers, names and
 * members are those of the signalling SDK 1.0.0-beta.34; the members that only the native ones
 * insist on are always there.
 */
final class Notifications {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Notifications() {}

  /**
   * An event as text for clients.
   *
   * @param transaction a short id that names the change
   * @param endpoint public address of the resource, for links to images
   */
  static Notification of(ChatDetail detail, String transaction, String endpoint) {
    return switch (detail) {
      case ChatDetail.MessageReceived sent ->
          message(
              "chatMessageReceived",
              content(200, sent.thread(), sent.message(), transaction, endpoint));
      case ChatDetail.MessageEdited edited ->
          message(
              "chatMessageEdited",
              content(247, edited.thread(), edited.message(), transaction, endpoint)
                  .text("edittime", time(edited.editedOn())));
      case ChatDetail.MessageDeleted deleted ->
          message(
              "chatMessageDeleted",
              head(248, deleted.thread(), deleted.message(), transaction)
                  .text("deletetime", time(deleted.deletedOn())));
      case ChatDetail.ReadReceiptSent read -> readReceipt(read, transaction);
      case ChatDetail.ThreadCreated created ->
          thread("chatThreadCreated", web -> created(created, transaction, web));
      case ChatDetail.ThreadPropertiesUpdated updated ->
          thread(
              "chatThreadPropertiesUpdated",
              web ->
                  threadHead(
                          258,
                          updated.thread(),
                          updated.updatedBy(),
                          updated.version(),
                          transaction)
                      .text("editTime", time(updated.updatedOn()))
                      .text("editedBy", web.apply(participant(updated.updatedBy(), null)))
                      .text("properties", web.apply(properties(updated.properties()))));
      case ChatDetail.ThreadDeleted deleted ->
          thread("chatThreadDeleted", web -> deleted(deleted, transaction, web));
      case ChatDetail.ParticipantsAdded added ->
          thread(
              "participantsAdded",
              web ->
                  threadHead(260, added.thread(), added.addedBy(), added.version(), transaction)
                      .text("time", time(added.addedOn()))
                      .text("addedBy", web.apply(participant(added.addedBy(), added.addedOn())))
                      .text(
                          "participantsAdded",
                          web.apply(participants(added.participants(), added.addedOn()))));
      case ChatDetail.ParticipantsRemoved removed ->
          thread(
              "participantsRemoved",
              web ->
                  threadHead(
                          261,
                          removed.thread(),
                          removed.removedBy(),
                          removed.version(),
                          transaction)
                      .text("time", time(removed.removedOn()))
                      .text(
                          "removedBy",
                          web.apply(participant(removed.removedBy(), removed.removedOn())))
                      .text(
                          "participantsRemoved",
                          web.apply(participants(removed.participants(), removed.removedOn()))));
    };
  }

  /** Somebody types. */
  static Notification of(Signal.Typing typing, String transaction) {
    var version = Long.toString(typing.version());
    var middle =
        middle(
            "typingIndicatorReceived",
            common(245, typing.userId(), typing.thread(), transaction)
                .text("messageId", version)
                .text("collapseId", version)
                .text("clientMessageId", "")
                .text("version", version)
                .text("senderDisplayName", typing.senderDisplayName())
                .text("originalArrivalTime", time(typing.at()))
                .text("composetime", time(typing.at()))
                .text("messageType", "Control/Typing")
                .text("messageBody", ""));
    return new Notification(middle, middle, true);
  }

  private static JsonWords common(
      int eventId, String senderId, ThreadId thread, String transaction) {
    return new JsonWords()
        .number("eventId", eventId)
        .text("senderId", senderId)
        .text("groupId", thread.value())
        .text("transactionId", transaction);
  }

  private static JsonWords head(
      int eventId, ThreadId thread, ChatDetail.Message message, String transaction) {
    var name = message.senderDisplayName();
    return common(eventId, message.sender(), thread, transaction)
        .text("messageId", message.id().toString())
        .text("collapseId", message.id().toString())
        .text("clientMessageId", "")
        .text("priority", "")
        .text("version", Long.toString(message.version()))
        .text("senderDisplayName", name == null ? "" : name)
        .text("originalArrivalTime", time(message.createdOn()))
        .text("composetime", time(message.createdOn()))
        .text("messageType", message.type().equals("html") ? "RichText/Html" : "Text");
  }

  private static JsonWords content(
      int eventId,
      ThreadId thread,
      ChatDetail.Message message,
      String transaction,
      String endpoint) {
    return head(eventId, thread, message, transaction)
        .text("messageBody", message.text())
        .text("acsChatMessageMetadata", metadata(message.metadata()))
        .text("attachments", attachments(thread, message.attachments(), endpoint));
  }

  /** Native clients read text {@code null} where there is none. */
  private static String metadata(Map<String, String> metadata) {
    return metadata.isEmpty() ? "null" : JsonWords.object(metadata);
  }

  private static String attachments(
      ThreadId thread, List<ChatDetail.Attachment> attachments, String endpoint) {
    if (attachments.isEmpty()) {
      return "[]";
    }
    var list = new StringBuilder();
    for (var attachment : attachments) {
      var name = attachment.name();
      var view =
          "%s/chat/threads/%s/images/%s/view/"
              .formatted(
                  endpoint,
                  URLEncoder.encode(thread.value(), StandardCharsets.UTF_8),
                  attachment.id());
      list.append(list.isEmpty() ? '[' : ',')
          .append(
              new JsonWords()
                  .text("id", attachment.id())
                  .text("attachmentType", attachment.type())
                  .text("name", name == null ? "" : name)
                  .text("url", view + "original")
                  .text("previewUrl", view + "small")
                  .end());
    }
    return list.append(']').toString();
  }

  private static Notification readReceipt(ChatDetail.ReadReceiptSent read, String transaction) {
    var message = read.message().toString();
    var readOn = read.readOn().toEpochMilli();
    var body =
        new JsonWords()
            .text("user", read.userId())
            .text("consumptionhorizon", message + ";" + readOn + ";0")
            .number("messageVisibilityTime", read.message().value())
            .text("version", Long.toString(readOn))
            .end();
    return message(
        "readReceiptReceived",
        common(246, read.userId(), read.thread(), transaction)
            .text("messageId", message)
            .text("collapseId", message)
            .text("clientMessageId", "")
            .text("version", Long.toString(readOn))
            .text("senderDisplayName", "")
            .text("originalArrivalTime", time(read.readOn()))
            .text("messageType", "ThreadActivity/MemberConsumptionHorizonUpdate")
            .text("messageBody", body));
  }

  private static JsonWords threadHead(
      int eventId,
      ThreadId thread,
      ChatDetail.Participant actor,
      long version,
      String transaction) {
    return new JsonWords()
        .number("eventId", eventId)
        .text("senderId", actor.userId())
        .text("groupId", "")
        .text("transactionId", transaction)
        .text("collapseId", Long.toString(version))
        .text("threadId", thread.value())
        .text("threadType", "chat")
        .text("version", Long.toString(version));
  }

  private static JsonWords created(
      ChatDetail.ThreadCreated created, String transaction, Function<String, String> web) {
    var createdOn = created.properties().createdOn();
    return threadHead(257, created.thread(), created.createdBy(), created.version(), transaction)
        .text("createTime", time(createdOn))
        .text("createdBy", web.apply(participant(created.createdBy(), createdOn)))
        .text("members", web.apply(participants(created.participants(), createdOn)))
        .text("properties", web.apply(properties(created.properties())));
  }

  private static JsonWords deleted(
      ChatDetail.ThreadDeleted deleted, String transaction, Function<String, String> web) {
    return threadHead(259, deleted.thread(), deleted.deletedBy(), deleted.version(), transaction)
        .text("deleteTime", time(deleted.deletedOn()))
        .text("deletedBy", web.apply(participant(deleted.deletedBy(), null)))
        .text("reason", deleted.byPolicy() ? "deletedByPolicy" : "deletedByUser");
  }

  private static String properties(ChatDetail.Properties properties) {
    var json = new JsonWords().text("topic", properties.topic());
    if (!properties.metadata().isEmpty()) {
      json.text("acsChatThreadMetadata", JsonWords.object(properties.metadata()));
    }
    if (properties.retentionDays() > 0) {
      json.text(
          "retentionPolicy",
          new JsonWords()
              .text("retentionPolicyType", "DeleteAfterCreationTime")
              .text("executeAfter", properties.retentionDays() + ".00:00:00")
              .end());
    }
    return json.end();
  }

  private static String participants(List<ChatDetail.Participant> participants, Instant since) {
    var list = new StringBuilder("[");
    for (var participant : participants) {
      if (list.length() > 1) {
        list.append(',');
      }
      list.append(participant(participant, since));
    }
    return list.append(']').toString();
  }

  /**
   * One participant.
   *
   * @param since share time of those who have none: web 1.5.4 makes an invalid date of a missing
   *     one
   */
  private static String participant(ChatDetail.Participant participant, @Nullable Instant since) {
    var name = participant.displayName();
    var json =
        new JsonWords()
            .text("participantId", participant.userId())
            .text("displayName", name == null ? "" : name);
    var shared = participant.shareHistoryTime().orElse(since);
    if (shared != null) {
      json.number("shareHistoryTime", shared.toEpochMilli());
    }
    return json.text("memberMetaData", JsonWords.object(participant.metadata())).end();
  }

  /** Message bodies and names in message events are not unescaped by anybody. */
  private static Notification message(String name, JsonWords body) {
    var middle = middle(name, body);
    return new Notification(middle, middle, false);
  }

  /** The web SDK applies {@code unescape} to the texts of thread events; the others do not. */
  private static Notification thread(
      String name, Function<Function<String, String>, JsonWords> body) {
    var plain = middle(name, body.apply(Function.identity()));
    var web = middle(name, body.apply(text -> text.replace("%", "%25")));
    return new Notification(plain, Arrays.equals(plain, web) ? plain : web, false);
  }

  private static byte[] middle(String name, JsonWords body) {
    var head =
        name + "\",\"headers\":{\"Content-Type\":\"application/json; charset=utf-8\"},\"body\":\"";
    var start = head.getBytes(StandardCharsets.UTF_8);
    var text = JsonStringEncoder.getInstance().quoteAsUTF8(body.open() + ",\"recipientId\":\"");
    var all = Arrays.copyOf(start, start.length + text.length);
    System.arraycopy(text, 0, all, start.length, text.length);
    return all;
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
