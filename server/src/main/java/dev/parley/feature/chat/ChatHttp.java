package dev.parley.feature.chat;

import static dev.parley.feature.chat.ChatRoutes.MEMBERS;
import static dev.parley.feature.chat.ChatRoutes.address;
import static dev.parley.feature.chat.ChatRoutes.pageSize;
import static dev.parley.feature.chat.ChatRoutes.route;
import static dev.parley.feature.chat.ChatRoutes.thread;

import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ThreadId;
import dev.parley.feature.chat.ChatModels.AttachmentModel;
import dev.parley.feature.chat.ChatModels.Collection;
import dev.parley.feature.chat.ChatModels.ContentModel;
import dev.parley.feature.chat.ChatModels.MessageModel;
import dev.parley.feature.chat.ChatModels.ParticipantModel;
import dev.parley.feature.chat.ChatModels.ReadReceiptModel;
import dev.parley.feature.chat.ChatModels.ReadReceiptRequest;
import dev.parley.feature.chat.ChatModels.SendMessageRequest;
import dev.parley.feature.chat.ChatModels.SendMessageResult;
import dev.parley.feature.chat.ChatModels.TypingRequest;
import dev.parley.feature.chat.ChatModels.UpdateMessageRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Routes of messages, typing and read receipts, the JSON they take and give, and the checks of its
 * shape.
 */
final class ChatHttp {
  private static final String MESSAGES = "/chat/threads/{chatThreadId}/messages";
  private static final String RECEIPTS = "/chat/threads/{chatThreadId}/readReceipts";
  private static final int ATTACHMENTS_MAX = 20;

  private final Chat chat;

  ChatHttp(Chat chat) {
    this.chat = chat;
  }

  List<Route> routes() {
    return List.of(
        route(Method.POST, MESSAGES, "ChatThread_SendChatMessage", MEMBERS, this::send),
        route(Method.GET, MESSAGES, "ChatThread_ListChatMessages", MEMBERS, this::list),
        route(
            Method.GET,
            MESSAGES + "/{chatMessageId}",
            "ChatThread_GetChatMessage",
            MEMBERS,
            this::get),
        route(
            Method.PATCH,
            MESSAGES + "/{chatMessageId}",
            "ChatThread_UpdateChatMessage",
            MEMBERS,
            this::update),
        route(
            Method.DELETE,
            MESSAGES + "/{chatMessageId}",
            "ChatThread_DeleteChatMessage",
            MEMBERS,
            this::delete),
        route(
            Method.POST,
            "/chat/threads/{chatThreadId}/typing",
            "ChatThread_SendTypingNotification",
            MEMBERS,
            this::typing),
        route(Method.POST, RECEIPTS, "ChatThread_SendChatReadReceipt", MEMBERS, this::read),
        route(Method.GET, RECEIPTS, "ChatThread_ListChatReadReceipts", MEMBERS, this::receipts));
  }

  private Response send(Request request) {
    var body = request.json(SendMessageRequest.class);
    if (body.content() == null || body.content().isEmpty()) {
      throw ChatProblems.missing("content");
    }
    var type =
        body.type() == null
            ? MessageType.TEXT
            : MessageType.ofWord(body.type()).orElseThrow(ChatProblems::badType);
    var message =
        new NewMessage(
            type,
            body.content(),
            body.senderDisplayName(),
            Metadata.given(body.metadata()),
            attachments(body.attachments()));
    var id = chat.send(request.user(), thread(request), message);
    return Response.json(201, new SendMessageResult(id.toString()))
        .header("Location", address(request, thread(request), "/messages/" + id));
  }

  private Response list(Request request) {
    var page =
        chat.list(
            request.user(),
            thread(request),
            request.queryTime("startTime"),
            pageSize(request),
            request.position("syncState"));
    var models =
        page.items().stream().map(message -> model(request, thread(request), message)).toList();
    return Response.json(200, new Collection<>(models, nextLink(request, page.next())));
  }

  private Response get(Request request) {
    var message = chat.get(request.user(), thread(request), request.path("chatMessageId"));
    return Response.json(200, model(request, thread(request), message));
  }

  private Response update(Request request) {
    var body = request.json(UpdateMessageRequest.class);
    var content = Optional.ofNullable(body.content());
    if (content.isPresent() && (!content.get().isTextual() || content.get().asText().isEmpty())) {
      throw ChatProblems.missing("content");
    }
    var patch =
        new MessagePatch(
            content.map(node -> node.asText()),
            Metadata.patched(body.metadata()),
            Optional.ofNullable(body.attachments()).map(ChatHttp::attachments));
    chat.update(request.user(), thread(request), request.path("chatMessageId"), patch);
    return Response.empty(204);
  }

  private Response delete(Request request) {
    chat.delete(request.user(), thread(request), request.path("chatMessageId"));
    return Response.empty(204);
  }

  private Response typing(Request request) {
    var name = request.json(TypingRequest.class).senderDisplayName();
    chat.typing(request.user(), thread(request), name == null ? "" : name);
    return Response.empty(200);
  }

  private Response read(Request request) {
    var message = request.json(ReadReceiptRequest.class).chatMessageId();
    if (message == null) {
      throw ChatProblems.missing("chatMessageId");
    }
    chat.sendReadReceipt(request.user(), thread(request), message);
    return Response.empty(200);
  }

  private Response receipts(Request request) {
    var page =
        chat.readReceipts(
            request.user(),
            thread(request),
            pageSize(request),
            request.queryInt("skip", 0, Integer.MAX_VALUE).orElse(0),
            request.position("syncState"));
    var models = page.items().stream().map(ReadReceiptModel::of).toList();
    return Response.json(200, new Collection<>(models, nextLink(request, page.next())));
  }

  static @Nullable String nextLink(Request request, Optional<String> position) {
    return position.map(text -> request.nextLink("syncState", text)).orElse(null);
  }

  private static List<Attachment> attachments(@Nullable List<@Nullable AttachmentModel> models) {
    if (models == null) {
      return List.of();
    }
    if (models.size() > ATTACHMENTS_MAX) {
      throw ChatProblems.tooManyAttachments(ATTACHMENTS_MAX);
    }
    return models.stream()
        .map(model -> {
          if (model == null) {
            throw ChatProblems.missing("attachments");
          }
          return model.attachment();
        })
        .toList();
  }

  private static MessageModel model(Request request, ThreadId thread, Message message) {
    var sender = message.sender().isEmpty() ? null : ChatModels.identifier(message.sender());
    return new MessageModel(
        message.id().toString(),
        message.type().word(),
        Long.toString(message.sequence()),
        Long.toString(message.version()),
        content(request, thread, message),
        message.senderDisplayName(),
        message.createdOn(),
        sender,
        message.deletedOn().orElse(null),
        message.editedOn().orElse(null),
        ChatModels.metadataOrNull(message.detail().metadataOrEmpty()));
  }

  /** Always an object, since the Java client fails without one; empty for a deleted message. */
  private static ContentModel content(Request request, ThreadId thread, Message message) {
    var detail = message.detail();
    var participants = detail.participants();
    var attachments = detail.attachments();
    var initiator = detail.initiator();
    return new ContentModel(
        message.text(),
        detail.topic(),
        participants == null ? null : participants.stream().map(ParticipantModel::of).toList(),
        attachments == null
            ? null
            : attachments.stream().map(one -> attachment(request, thread, one)).toList(),
        initiator == null ? null : ChatModels.identifier(initiator));
  }

  private static AttachmentModel attachment(
      Request request, ThreadId thread, Attachment attachment) {
    var view = address(request, thread, "/images/" + attachment.id() + "/view/");
    var version = "?api-version=" + request.apiVersion();
    return new AttachmentModel(
        attachment.id(),
        attachment.attachmentType(),
        attachment.name(),
        view + "original" + version,
        view + "small" + version);
  }
}
