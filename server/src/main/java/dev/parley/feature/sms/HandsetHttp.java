package dev.parley.feature.sms;

import dev.parley.base.kit.OneTimeCodes;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.InboundSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Our own routes of the handset network: its inbox with codes and links taken out, and what a
 * handset can do. {@code Accept: text/plain} gets lines for a shell.
 */
final class HandsetHttp {
  private static final int WAIT_SECONDS_MAX = 120;
  private static final int LIMIT_MAX = 200;
  private static final long DELAY_SECONDS_MAX = 86_400;

  private record MessageModel(
      String id,
      String from,
      String to,
      String message,
      Optional<String> code,
      Optional<String> link,
      int segments,
      Instant receivedAt) {
    static MessageModel of(HandsetMessage message) {
      var found = OneTimeCodes.find(message.body());
      return new MessageModel(
          message.id(),
          message.from(),
          message.to(),
          message.body(),
          found.code(),
          found.link(),
          message.segments(),
          message.receivedAt());
    }

    String line() {
      return String.join(
          "\t", receivedAt.toString(), from, to, code.orElse("-"), message.replace('\n', ' '));
    }
  }

  private record Inbox(List<MessageModel> messages) {}

  private record Cleared(int deleted) {}

  private record BehaviourModel(@Nullable Integer deliveryCode, @Nullable Double delaySeconds) {}

  private record NewMessage(@Nullable String to, @Nullable String message) {}

  private record Sent(String from, String to, String message) {}

  private final Handsets handsets;
  private final Inbound inbound;
  private final Acting acting;

  HandsetHttp(Handsets handsets, Inbound inbound, Acting acting) {
    this.acting = acting;
    this.handsets = handsets;
    this.inbound = inbound;
  }

  List<Route> routes() {
    var one = "/parley/handsets/{number}";
    return List.of(
        route(Method.GET, "/parley/inbox/sms", "Parley_ReadSmsInbox", this::inbox),
        route(Method.DELETE, "/parley/inbox/sms", "Parley_ClearSmsInbox", this::clear),
        route(Method.GET, one, "Parley_GetHandset", this::get),
        route(Method.PUT, one, "Parley_SetHandset", this::set),
        route(Method.DELETE, one, "Parley_ResetHandset", this::reset),
        route(Method.POST, one + "/:send", "Parley_SendFromHandset", this::send),
        route(Method.POST, one + "/:optOut", "Parley_OptOutHandset", word("STOP")),
        route(Method.POST, one + "/:optIn", "Parley_OptInHandset", word("START")));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.handsets",
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response inbox(Request request) {
    var search =
        new Handsets.Search(
            range(request),
            request.query("from").orElse(null),
            request.query("after").orElse(null),
            request.queryInt("limit", 1, LIMIT_MAX).orElse(20));
    var wait = Duration.ofSeconds(request.queryInt("wait", 0, WAIT_SECONDS_MAX).orElse(0));
    var found =
        handsets.inbox(resource(request), search, wait).stream().map(MessageModel::of).toList();
    return wantsText(request)
        ? Response.text(
            200, found.stream().map(one -> one.line() + "\n").collect(Collectors.joining()))
        : Response.json(200, new Inbox(found));
  }

  private Response clear(Request request) {
    return Response.json(200, new Cleared(handsets.clear(resource(request), range(request))));
  }

  /** One handset, all of a range that ends with a star, or without the parameter all. */
  private String range(Request request) {
    var to = request.query("to").orElse("*");
    if (!to.endsWith("*") && !handsets.has(to)) {
      throw SmsProblems.badHandset("The handset network does not answer for " + to + ".");
    }
    return to;
  }

  private Response get(Request request) {
    return answer(request, handsets.behaviour(resource(request), number(request)));
  }

  private Response set(Request request) {
    var body = request.json(BehaviourModel.class);
    var code = Optional.ofNullable(body.deliveryCode()).orElse(DeliveryCode.DELIVERED.number());
    var delay = Optional.ofNullable(body.delaySeconds()).orElse(0.0);
    if (DeliveryCode.of(code).isEmpty()) {
      throw SmsProblems.badAction(
          "deliveryCode", "The delivery code must be 2000, 4000 to 4008, 5000 to 5002 or 9999.");
    }
    if (!(delay >= 0 && delay <= DELAY_SECONDS_MAX)) {
      throw SmsProblems.badAction(
          "delaySeconds", "The delay must be 0 to " + DELAY_SECONDS_MAX + " seconds.");
    }
    var behaviour = new Handsets.Behaviour(code, Math.round(delay * 1_000));
    handsets.behave(resource(request), number(request), behaviour);
    return answer(request, behaviour);
  }

  private Response reset(Request request) {
    handsets.behave(resource(request), number(request), Handsets.Behaviour.USUAL);
    return answer(request, Handsets.Behaviour.USUAL);
  }

  private static Response answer(Request request, Handsets.Behaviour behaviour) {
    var seconds = behaviour.delayMillis() / 1_000.0;
    return wantsText(request)
        ? Response.text(
            200, "Messages end with %d after %s s.\n".formatted(behaviour.deliveryCode(), seconds))
        : Response.json(200, new BehaviourModel(behaviour.deliveryCode(), seconds));
  }

  private Response send(Request request) {
    var body = request.json(NewMessage.class);
    var text = body.message();
    if (text == null || text.isEmpty() || text.length() > SmsHttp.CHARACTERS_MAX) {
      throw SmsProblems.badAction(
          "message", "A message has 1 to " + SmsHttp.CHARACTERS_MAX + " characters.");
    }
    return say(request, body.to(), text);
  }

  private Handler word(String word) {
    return request -> say(request, request.json(NewMessage.class).to(), word);
  }

  /** To the number that is named, or the one that wrote last. */
  private Response say(Request request, @Nullable String to, String text) {
    var resource = resource(request);
    var handset = number(request);
    var number =
        to != null
            ? to
            : handsets
                .inbox(resource, new Handsets.Search(handset, null, null, 1), Duration.ZERO)
                .stream()
                .findFirst()
                .map(HandsetMessage::from)
                .orElseThrow(() ->
                    SmsProblems.badAction(
                        "to", "Nobody has written to this handset yet, so say whom to write to."));
    if (!inbound.owns(resource, number)
        || !inbound.receive(new InboundSegment(handset, number, text, Optional.empty()))) {
      throw SmsProblems.nobodysNumber(number);
    }
    return wantsText(request)
        ? Response.text(202, "Sent to " + number + ".\n")
        : Response.json(202, new Sent(handset, number, text));
  }

  private String number(Request request) {
    var number = request.path("number");
    if (!handsets.has(number)) {
      throw SmsProblems.badHandset("The handset network does not answer for " + number + ".");
    }
    return number;
  }

  private ResourceId resource(Request request) {
    return acting.of(request).resource();
  }

  static boolean wantsText(Request request) {
    return request.header("accept").filter(accept -> accept.startsWith("text/plain")).isPresent();
  }
}
