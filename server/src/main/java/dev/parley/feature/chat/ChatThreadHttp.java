package dev.parley.feature.chat;

import static dev.parley.feature.chat.ChatRoutes.INVITERS;
import static dev.parley.feature.chat.ChatRoutes.MEMBERS;
import static dev.parley.feature.chat.ChatRoutes.OWNERS;
import static dev.parley.feature.chat.ChatRoutes.address;
import static dev.parley.feature.chat.ChatRoutes.pageSize;
import static dev.parley.feature.chat.ChatRoutes.route;
import static dev.parley.feature.chat.ChatRoutes.thread;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.IdentifierModel;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.chat.ChatModels.AddParticipantsRequest;
import dev.parley.feature.chat.ChatModels.AddParticipantsResult;
import dev.parley.feature.chat.ChatModels.Collection;
import dev.parley.feature.chat.ChatModels.CreateThreadRequest;
import dev.parley.feature.chat.ChatModels.CreateThreadResult;
import dev.parley.feature.chat.ChatModels.ParticipantModel;
import dev.parley.feature.chat.ChatModels.RetentionModel;
import dev.parley.feature.chat.ChatModels.ThreadItemModel;
import dev.parley.feature.chat.ChatModels.ThreadModel;
import dev.parley.feature.chat.ChatModels.UpdateThreadRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes of threads and participants, the JSON they take and give, and the checks of its shape. */
final class ChatThreadHttp {
  private static final String THREADS = "/chat/threads";
  private static final String THREAD = "/chat/threads/{chatThreadId}";
  private static final String PARTICIPANTS = "/chat/threads/{chatThreadId}/participants";

  private final ChatThreads threads;

  ChatThreadHttp(ChatThreads threads) {
    this.threads = threads;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.POST,
            THREADS,
            "Chat_CreateChatThread",
            OWNERS,
            Idempotency.REQUEST_ID,
            Route.JSON_BYTES_MAX,
            this::create),
        route(Method.GET, THREADS, "Chat_ListChatThreads", MEMBERS, this::list),
        route(Method.GET, THREAD, "ChatThread_GetChatThreadProperties", MEMBERS, this::get),
        route(Method.PATCH, THREAD, "ChatThread_UpdateChatThreadProperties", OWNERS, this::update),
        route(Method.DELETE, THREAD, "Chat_DeleteChatThread", OWNERS, this::delete),
        route(
            Method.GET,
            PARTICIPANTS,
            "ChatThread_ListChatParticipants",
            MEMBERS,
            this::participants),
        route(
            Method.POST,
            PARTICIPANTS + "/:add",
            "ChatThread_AddChatParticipants",
            INVITERS,
            this::add),
        route(
            Method.POST,
            PARTICIPANTS + "/:remove",
            "ChatThread_RemoveChatParticipant",
            INVITERS,
            this::remove));
  }

  private Response create(Request request) {
    var body = request.json(CreateThreadRequest.class);
    if (body.topic() == null) {
      throw ChatProblems.missing("topic");
    }
    var wanted =
        new NewThread(
            body.topic(),
            participants(body.participants()),
            Metadata.given(body.metadata()),
            Optional.ofNullable(body.retentionPolicy()).map(RetentionModel::retention));
    var created = threads.create(request.user(), wanted, request.repeatKey());
    return Response.json(
            201,
            new CreateThreadResult(ThreadModel.of(created.thread()), orNull(created.invalid())))
        .header("Location", address(request, created.thread().id(), ""));
  }

  private Response list(Request request) {
    var page =
        threads.list(
            request.user(),
            request.queryTime("startTime"),
            pageSize(request),
            request.position("syncState"));
    var models = page.items().stream().map(ThreadItemModel::of).toList();
    return Response.json(200, new Collection<>(models, ChatHttp.nextLink(request, page.next())));
  }

  private Response get(Request request) {
    return Response.json(200, ThreadModel.of(threads.get(request.user(), thread(request))));
  }

  private Response update(Request request) {
    var body = request.json(UpdateThreadRequest.class);
    var topic = Optional.ofNullable(body.topic());
    if (topic.isPresent() && !topic.get().isTextual()) {
      throw ChatProblems.missing("topic");
    }
    var patch =
        new ThreadPatch(
            topic.map(JsonNode::asText),
            Metadata.patched(body.metadata()),
            Optional.ofNullable(body.retentionPolicy()).map(RetentionModel::patched));
    threads.update(request.user(), thread(request), patch);
    return Response.empty(204);
  }

  private Response delete(Request request) {
    threads.delete(request.user(), thread(request));
    return Response.empty(204);
  }

  private Response participants(Request request) {
    var page =
        threads.participants(
            request.user(),
            thread(request),
            pageSize(request),
            request.queryInt("skip", 0, Integer.MAX_VALUE).orElse(0),
            request.position("syncState"));
    var models = page.items().stream().map(ParticipantModel::of).toList();
    return Response.json(200, new Collection<>(models, ChatHttp.nextLink(request, page.next())));
  }

  private Response add(Request request) {
    var body = request.json(AddParticipantsRequest.class);
    if (body.participants() == null) {
      throw ChatProblems.missing("participants");
    }
    var invalid = threads.add(request.user(), thread(request), participants(body.participants()));
    return Response.json(201, new AddParticipantsResult(orNull(invalid)));
  }

  private Response remove(Request request) {
    var user = request.json(IdentifierModel.class).identifier();
    threads.remove(request.user(), thread(request), user.rawId());
    return Response.empty(204);
  }

  private static List<Participant> participants(@Nullable List<@Nullable ParticipantModel> models) {
    if (models == null) {
      return List.of();
    }
    return models.stream()
        .map(model -> {
          if (model == null) {
            throw ChatProblems.missing("participants");
          }
          return model.participant();
        })
        .toList();
  }

  private static @Nullable List<InvalidParticipant> orNull(List<InvalidParticipant> invalid) {
    return invalid.isEmpty() ? null : invalid;
  }
}
