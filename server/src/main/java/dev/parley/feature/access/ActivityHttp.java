package dev.parley.feature.access;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The activity log as {@code Microsoft.Insights} shows it (eventtypes/management/values). */
final class ActivityHttp {
  /** The oldest; every later date is served like it. */
  private static final ApiVersions VERSIONS = ApiVersions.of("2014-04-01");

  private static final Duration LOOK_BACK = Duration.ofDays(90);
  private static final int PAGE = 100;
  private static final String POSITION = "$skipToken";
  private static final List<String> TERMS =
      List.of(
          "eventTimestamp ge",
          "eventTimestamp le",
          "resourceGroupName eq",
          "resourceUri eq",
          "resourceId eq",
          "resourceProvider eq",
          "correlationId eq",
          "caller eq");

  private record Word(String value, String localizedValue) {
    static Word of(String value) {
      return new Word(value, value);
    }
  }

  private record EventModel(
      String id,
      String eventDataId,
      String correlationId,
      String operationId,
      Word operationName,
      Word eventName,
      Word category,
      Word status,
      Word subStatus,
      String level,
      String channels,
      String caller,
      Map<String, String> claims,
      String description,
      @Nullable String resourceGroupName,
      Word resourceProviderName,
      String resourceId,
      Word resourceType,
      Instant eventTimestamp,
      Instant submissionTimestamp,
      String subscriptionId,
      Map<String, String> properties) {}

  private final ActivityLog log;
  private final Arm arm;
  private final InstantSource clock;

  ActivityHttp(ActivityLog log, Arm arm, InstantSource clock) {
    this.log = log;
    this.arm = arm;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        arm.route(
            ArmOperation.of(
                Method.GET,
                ArmOperation.SUBSCRIPTION,
                "/providers/Microsoft.Insights/eventtypes/management/values",
                "ActivityLogs_List",
                "Microsoft.Insights/eventtypes/values/read",
                VERSIONS,
                this::list)));
  }

  private Response list(ArmCall call) {
    var filter = Filter.of(call.request().query("$filter"), TERMS);
    var now = clock.instant();
    var from = time(filter, "eventTimestamp ge").orElse(now.minus(LOOK_BACK));
    var to = time(filter, "eventTimestamp le").orElse(now);
    var after =
        call.request()
            .position(POSITION)
            .map(ActivityLog.Position::of)
            .orElse(ActivityLog.Position.NEWEST);
    var found = log.find(call.id().subscription(), from, to, after, PAGE, fits(filter));
    var next = found.next() == null ? null : call.request().nextLink(POSITION, found.next().text());
    return Response.json(
        200, new ArmList<>(found.entries().stream().map(ActivityHttp::model).toList(), next));
  }

  private static Optional<Instant> time(Filter filter, String term) {
    return filter
        .find(term)
        .map(text -> {
          try {
            return OffsetDateTime.parse(text).toInstant();
          } catch (DateTimeException _) {
            throw AccessProblems.badFilter();
          }
        });
  }

  private static Predicate<ActivityLog.Kept> fits(Filter filter) {
    Predicate<ActivityLog.Kept> fits = _ -> true;
    var group = filter.find("resourceGroupName eq");
    if (group.isPresent()) {
      fits = fits.and(one -> id(one).group().filter(group.get()::equalsIgnoreCase).isPresent());
    }
    var resource = filter.find("resourceUri eq").or(() -> filter.find("resourceId eq"));
    if (resource.isPresent()) {
      fits = fits.and(one -> one.scope().equalsIgnoreCase(resource.get()));
    }
    var provider = filter.find("resourceProvider eq");
    if (provider.isPresent()) {
      var prefix = provider.get().toLowerCase(Locale.ROOT) + "/";
      fits = fits.and(one -> one.action().toLowerCase(Locale.ROOT).startsWith(prefix));
    }
    var request = filter.find("correlationId eq");
    if (request.isPresent()) {
      fits = fits.and(one -> one.requestId().equalsIgnoreCase(request.get()));
    }
    var caller = filter.find("caller eq");
    if (caller.isPresent()) {
      fits =
          fits.and(one ->
              one.callerName().equalsIgnoreCase(caller.get())
                  || one.callerId().equalsIgnoreCase(caller.get()));
    }
    return fits;
  }

  private static ArmId id(ActivityLog.Kept one) {
    return ArmId.parse(one.scope()).orElse(ArmId.ROOT);
  }

  private static EventModel model(ActivityLog.Kept one) {
    var id = id(one);
    var good = one.status() < 400;
    var namespace =
        one.action().contains("/")
            ? one.action().substring(0, one.action().indexOf('/'))
            : "Microsoft.Resources";
    return new EventModel(
        one.scope() + "/events/" + one.id() + "/ticks/" + one.at().toEpochMilli(),
        one.id(),
        one.requestId(),
        one.requestId(),
        Word.of(one.action()),
        Word.of("EndRequest"),
        Word.of("Administrative"),
        Word.of(good ? "Succeeded" : "Failed"),
        Word.of(one.code()),
        good ? "Informational" : "Error",
        "Operation",
        one.callerName(),
        Map.of(
            "http://schemas.microsoft.com/identity/claims/objectidentifier",
            one.callerId(),
            one.application() ? "appid" : "name",
            one.callerName()),
        one.operation(),
        id.group().orElse(null),
        Word.of(namespace),
        one.scope(),
        Word.of(id.type()),
        one.at(),
        one.at(),
        id.subscription(),
        Map.of("statusCode", Integer.toString(one.status())));
  }
}
