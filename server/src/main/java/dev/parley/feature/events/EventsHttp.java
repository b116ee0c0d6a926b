package dev.parley.feature.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The journal and the attempts over HTTP, for operators and key holders. {@code Accept: text/plain}
 * gets lines for a terminal, columns between tabs; the last line of a list of events is {@code
 * #next} with the place to go on from.
 */
final class EventsHttp {
  private static final String BASE = "/parley/events";
  private static final int LIMIT = 50;
  private static final int LIMIT_MAX = 1_000;
  private static final int WAIT_SECONDS_MAX = 30;
  private static final long FOLLOW_PAUSE_MS = 100;

  private record EventList(List<ObjectNode> value, String next, boolean more) {}

  private record Tried(List<ObjectNode> value, long matched, long looked, boolean more) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Filter(
      SubscriptionModel.@Nullable Filter filter,
      @Nullable String from,
      @Nullable String to,
      @Nullable Integer limit) {}

  private record Range(@Nullable String from, @Nullable String to) {}

  private record Which(@Nullable String eventId) {}

  private record AttemptModel(
      String id,
      String time,
      String outcome,
      int status,
      long durationMs,
      int deliveryCount,
      int events,
      String ids,
      String request,
      String answer) {
    static AttemptModel of(Attempt attempt) {
      var outcome = attempt.outcome();
      return new AttemptModel(
          Long.toString(attempt.id()),
          attempt.at().toString(),
          outcome.kind().word(),
          outcome.status(),
          outcome.took().toMillis(),
          attempt.count(),
          attempt.events(),
          attempt.ids(),
          outcome.request(),
          outcome.answer());
    }

    String line() {
      return String.join(
          "\t",
          time,
          outcome,
          Integer.toString(status),
          durationMs + "ms",
          "count=" + deliveryCount,
          "events=" + events,
          ids.length() > 120 ? ids.substring(0, 120) + "..." : ids);
    }
  }

  private record AttemptList(List<AttemptModel> value) {}

  private record SubscriptionStatus(
      String name,
      String state,
      boolean failing,
      long waiting,
      long behind,
      boolean replaying,
      Counts counts) {
    String line() {
      return String.join(
          "\t",
          name,
          failing ? state + " (failing)" : state,
          "delivered=" + counts.delivered(),
          "failed=" + counts.failed(),
          "waiting=" + waiting,
          "behind=" + behind,
          "dead=" + counts.dead(),
          "dropped=" + counts.dropped());
    }
  }

  private record StatusList(List<SubscriptionStatus> value) {}

  private record LetterList(List<DeadLetter.Entry> value) {}

  private final EventHistory history;
  private final Subscriptions subscriptions;
  private final Dispatcher dispatcher;
  private final DeadLetters letters;
  private final Function<String, Optional<ResourceId>> named;

  /**
   * The operations.
   *
   * @param named a resource by name; the default one for empty text
   */
  EventsHttp(
      EventHistory history,
      Subscriptions subscriptions,
      Dispatcher dispatcher,
      DeadLetters letters,
      Function<String, Optional<ResourceId>> named) {
    this.history = history;
    this.subscriptions = subscriptions;
    this.dispatcher = dispatcher;
    this.letters = letters;
    this.named = named;
  }

  List<Route> routes() {
    var one = "/subscriptions/{name}";
    return List.of(
        route(Method.GET, "", "Parley_ListEvents", this::list),
        route(Method.GET, "/:follow", "Parley_FollowEvents", this::follow),
        route(Method.POST, "/:try", "Parley_TryEventFilter", this::tryFilter),
        route(Method.GET, "/{id}", "Parley_GetEvent", this::get),
        route(Method.GET, "/subscriptions", "Parley_ListEventSubscriptions", this::standing),
        route(Method.GET, one + "/attempts", "Parley_ListDeliveryAttempts", this::attempts),
        route(Method.GET, one + "/deadLetters", "Parley_ListDeadLetters", this::deadLetters),
        route(Method.POST, one + "/:redeliver", "Parley_RedeliverEvent", this::redeliver),
        route(Method.POST, one + "/:replay", "Parley_ReplayEvents", this::replay),
        validation());
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        BASE + path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.events",
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  /** Opened by people and receivers who were sent the address; the code is what they prove. */
  private Route validation() {
    return new Route(
        Method.GET,
        BASE + "/validation/{name}/{code}",
        "Parley_ValidateEventSubscription",
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "parley.events",
        "ParleyAudit",
        Idempotency.NATURAL,
        0,
        request -> {
          subscriptions.validate(
              request.resource().id(), request.path("name"), request.path("code"));
          return Response.text(200, "Webhook successfully validated as a subscription endpoint.\n");
        });
  }

  private Response list(Request request) {
    var resource = resource(request);
    var limit = request.queryInt("limit", 1, LIMIT_MAX).orElse(LIMIT);
    var from = request.queryTime("from").orElse(Instant.EPOCH);
    var to = request.queryTime("to").map(history::before).orElseGet(history::now);
    var place = request.query("before").map(EventsHttp::place).orElse(to);
    var found = history.back(resource, place, from, wanted(request), limit);
    return answer(request, found);
  }

  /** Events after a place, as soon as there are some; nothing when the wait is over. */
  private Response follow(Request request) {
    var resource = resource(request);
    var limit = request.queryInt("limit", 1, LIMIT_MAX).orElse(LIMIT);
    var wait = Duration.ofSeconds(request.queryInt("wait", 0, WAIT_SECONDS_MAX).orElse(0));
    var place = request.query("after").map(EventsHttp::place).orElseGet(history::now);
    var end = System.nanoTime() + wait.toNanos();
    while (true) {
      var found = history.after(resource, place, history.now(), wanted(request), limit);
      if (!found.events().isEmpty() || System.nanoTime() >= end) {
        return answer(request, found);
      }
      place = found.place();
      try {
        TimeUnit.MILLISECONDS.sleep(FOLLOW_PAUSE_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return answer(request, found);
      }
    }
  }

  private Response tryFilter(Request request) {
    var resource = resource(request);
    var body = request.json(Filter.class);
    var filter = FilterReader.read(body.filter());
    var limit = body.limit() == null ? LIMIT : body.limit();
    if (limit < 1 || limit > LIMIT_MAX) {
      throw EventsProblems.badParameter("limit", "from 1 to " + LIMIT_MAX);
    }
    var to = body.to() == null ? history.now() : history.before(time("to", body.to()));
    var from = body.from() == null ? Instant.EPOCH : time("from", body.from());
    var found = history.back(resource, to, from, filter::wants, limit);
    if (wantsText(request)) {
      return Response.text(
          200,
          lines(found)
              + "#matched "
              + found.events().size()
              + " of "
              + found.looked()
              + (found.more() ? " so far\n" : "\n"));
    }
    return Response.json(
        200, new Tried(nodes(found.events()), found.events().size(), found.looked(), found.more()));
  }

  private Response get(Request request) {
    var event = history.get(resource(request), request.path("id"));
    return Response.json(200, event.node(DeliverySchema.EVENT_GRID));
  }

  private Response standing(Request request) {
    var all = subscriptions.list(resource(request)).stream().map(this::status).toList();
    return wantsText(request)
        ? Response.text(
            200, all.stream().map(status -> status.line() + "\n").collect(Collectors.joining()))
        : Response.json(200, new StatusList(all));
  }

  private SubscriptionStatus status(Subscription subscription) {
    var standing = history.standing(subscription.key());
    var now = dispatcher.courier(subscription.key()).map(Courier::status);
    return new SubscriptionStatus(
        subscription.settings().name(),
        subscription.state().word(),
        now.map(Courier.Status::failing).orElse(false),
        now.map(status -> (long) status.waiting()).orElse(standing.waiting()),
        standing.behind(),
        standing.replaying(),
        standing.counts());
  }

  private Response attempts(Request request) {
    var before = request.query("before").map(text -> number("before", text)).orElse(Long.MAX_VALUE);
    var found =
        history
            .attempts(
                resource(request),
                request.path("name"),
                request.query("event"),
                request.query("failed").filter(text -> text.equals("true")).isPresent(),
                before,
                request.queryInt("limit", 1, LIMIT_MAX).orElse(LIMIT))
            .stream()
            .map(AttemptModel::of)
            .toList();
    return wantsText(request)
        ? Response.text(
            200, found.stream().map(attempt -> attempt.line() + "\n").collect(Collectors.joining()))
        : Response.json(200, new AttemptList(found));
  }

  private Response deadLetters(Request request) {
    var subscription = subscriptions.get(resource(request), request.path("name"));
    var limit = request.queryInt("limit", 1, LIMIT_MAX).orElse(LIMIT);
    return Response.json(200, new LetterList(letters.list(subscription.key(), limit)));
  }

  private Response redeliver(Request request) {
    var id = request.json(Which.class).eventId();
    if (id == null) {
      throw EventsProblems.missing("eventId");
    }
    history.redeliver(resource(request), request.path("name"), id, request.caller().origin());
    return Response.text(202, "The event is delivered again.\n");
  }

  private Response replay(Request request) {
    var range = request.json(Range.class);
    if (range.from() == null) {
      throw EventsProblems.missing("from");
    }
    var from = time("from", range.from());
    var to = range.to() == null ? Instant.now().plusSeconds(1) : time("to", range.to());
    history.replay(resource(request), request.path("name"), from, to, request.caller().origin());
    return Response.text(202, "The events are delivered again.\n");
  }

  // Parameters.

  private ResourceId resource(Request request) {
    if (!request.resource().id().equals(ResourceId.HOUSE)) {
      return request.resource().id();
    }
    var name = request.query("resource").orElse("");
    return named.apply(name).orElseThrow(() -> EventsProblems.noResource(name));
  }

  private static Predicate<GridEvent> wanted(Request request) {
    var type = request.query("type").map(text -> text.toLowerCase(Locale.ROOT));
    var subject = request.query("subject").map(text -> text.toLowerCase(Locale.ROOT));
    return event ->
        type.filter(text -> !event.type().toLowerCase(Locale.ROOT).endsWith(text)).isEmpty()
            && subject
                .filter(text -> !event.subject().toLowerCase(Locale.ROOT).contains(text))
                .isEmpty();
  }

  private static EventHistory.Place place(String text) {
    return EventHistory.Place.parse(text)
        .orElseThrow(() -> EventsProblems.badParameter("after", "a place from an earlier answer"));
  }

  private static Instant time(String name, String text) {
    try {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException _) {
      throw EventsProblems.badParameter(name, "an RFC 3339 time");
    }
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw EventsProblems.badParameter(name, "a number");
    }
  }

  // Answers.

  private static Response answer(Request request, EventHistory.Found found) {
    var next = found.place().text();
    return wantsText(request)
        ? Response.text(200, lines(found) + "#next " + next + "\n")
        : Response.json(200, new EventList(nodes(found.events()), next, found.more()));
  }

  private static String lines(EventHistory.Found found) {
    return found.events().stream()
        .map(event ->
            String.join("\t", event.time().toString(), event.id(), event.type(), event.subject())
                + "\n")
        .collect(Collectors.joining());
  }

  private static List<ObjectNode> nodes(List<GridEvent> events) {
    return events.stream().map(event -> event.node(DeliverySchema.EVENT_GRID)).toList();
  }

  private static boolean wantsText(Request request) {
    return request.header("accept").filter(text -> text.startsWith("text/plain")).isPresent();
  }
}
