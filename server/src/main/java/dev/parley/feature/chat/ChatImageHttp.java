package dev.parley.feature.chat;

import static dev.parley.feature.chat.ChatRoutes.MEMBERS;
import static dev.parley.feature.chat.ChatRoutes.address;
import static dev.parley.feature.chat.ChatRoutes.route;
import static dev.parley.feature.chat.ChatRoutes.thread;

import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.chat.ChatModels.UploadImageResult;
import java.util.List;

/** Routes of inline images (contract 2024-06-05-preview). */
final class ChatImageHttp {
  private static final String IMAGES = "/chat/threads/{chatThreadId}/images";

  private final ChatImages images;
  private final int bytesMax;

  ChatImageHttp(ChatImages images, int bytesMax) {
    this.images = images;
    this.bytesMax = bytesMax;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.POST,
            IMAGES,
            "ChatThread_UploadChatImage",
            MEMBERS,
            Idempotency.NONE,
            bytesMax,
            this::upload),
        route(
            Method.GET,
            IMAGES + "/{imageId}/view/{imageViewType}",
            "ChatThread_GetChatImage",
            MEMBERS,
            this::view),
        route(
            Method.DELETE,
            IMAGES + "/{imageId}",
            "ChatThread_DeleteChatImage",
            MEMBERS,
            this::delete));
  }

  private Response upload(Request request) {
    var name = request.header("image-filename").orElse(null);
    var image = images.upload(request.user(), thread(request), name, request.body());
    return Response.json(
            201, new UploadImageResult(image.id(), Image.ATTACHMENT_TYPE, image.name()))
        .header("Location", address(request, thread(request), "/images/" + image.id()));
  }

  private Response view(Request request) {
    var view =
        images.view(
            request.user(),
            thread(request),
            request.path("imageId"),
            request.path("imageViewType"));
    // Whatever the bytes pretend to be, a browser must not run them.
    return Response.bytes(200, view.mediaType(), view.bytes())
        .header("Content-Security-Policy", "default-src 'none'; sandbox");
  }

  private Response delete(Request request) {
    images.delete(request.user(), thread(request), request.path("imageId"));
    return Response.empty(204);
  }
}
