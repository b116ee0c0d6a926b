package dev.parley.feature.chat;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Scope;
import dev.parley.base.words.ThreadId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What all routes of chat have in common: users only, the contract's versions, and the scopes of
 * the identity model.
 */
final class ChatRoutes {
  static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2021-03-07",
          "2021-09-07",
          "2023-11-07",
          "2024-03-07",
          "2024-06-05-preview",
          "2025-03-15");

  /** Creating, changing and deleting threads. */
  static final Set<Scope> OWNERS = Set.of(Scope.CHAT);

  /** Adding and removing participants. */
  static final Set<Scope> INVITERS = Set.of(Scope.CHAT, Scope.CHAT_JOIN);

  /** Everything else. */
  static final Set<Scope> MEMBERS = Set.of(Scope.CHAT, Scope.CHAT_JOIN, Scope.CHAT_JOIN_LIMITED);

  private static final int PAGE_MAX = 200;

  private ChatRoutes() {}

  static Route route(
      Method method, String path, String operation, Set<Scope> scopes, Handler handler) {
    var idempotency = method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL;
    return route(method, path, operation, scopes, idempotency, Route.JSON_BYTES_MAX, handler);
  }

  static Route route(
      Method method,
      String path,
      String operation,
      Set<Scope> scopes,
      Idempotency idempotency,
      int bodyBytesMax,
      Handler handler) {
    // ChatThread_SendChatMessage counts as chat.sendChatMessage.
    var verb = operation.substring(operation.indexOf('_') + 1);
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.USER),
        scopes,
        VERSIONS,
        "chat." + Character.toLowerCase(verb.charAt(0)) + verb.substring(1),
        "ChatOperational",
        idempotency,
        bodyBytesMax,
        handler);
  }

  static ThreadId thread(Request request) {
    return new ThreadId(request.path("chatThreadId"));
  }

  /** Items on a page; the service gives at most 200, however many are asked for. */
  static int pageSize(Request request) {
    return Math.min(
        PAGE_MAX, request.queryInt("maxPageSize", 1, Integer.MAX_VALUE).orElse(PAGE_MAX));
  }

  /** An absolute address below a thread. */
  static String address(Request request, ThreadId thread, String rest) {
    return request.resource().endpoint()
        + "/chat/threads/"
        + URLEncoder.encode(thread.value(), StandardCharsets.UTF_8)
        + rest;
  }
}
