package dev.parley.feature.usage;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Page;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The route of the sums. An access key sees its own resource, the operator all of them or the one
 * named by {@code resource}. {@code Accept: text/plain} gets lines for a shell: resource, meter,
 * day, quantity and count between tabs.
 */
final class UsageHttp {
  private static final int PAGE_MAX = 1_000;
  private static final int TEXT_LINES_MAX = 10_000;
  private static final LocalDate FIRST = LocalDate.EPOCH;
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private record DayModel(String resource, String meter, String day, long quantity, long records) {}

  private record DayList(List<DayModel> value, @Nullable String nextLink) {}

  private final Usage usage;
  private final ResourceDirectory resources;
  private final Function<String, ResourceId> named;

  UsageHttp(Usage usage, ResourceDirectory resources, Function<String, ResourceId> named) {
    this.usage = usage;
    this.resources = resources;
    this.named = named;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            Method.GET,
            "/parley/usage",
            "Parley_ListUsage",
            Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
            Set.of(),
            ApiVersions.NONE,
            "parley.usage",
            "ParleyUsage",
            Idempotency.NATURAL,
            0,
            this::list));
  }

  private Response list(Request request) {
    var query =
        new UsageQuery(
            resource(request),
            request.query("meter"),
            day(request, "from", FIRST),
            day(request, "to", LAST));
    var after =
        request
            .query("after")
            .map(text -> UsagePosition.parse(text).orElseThrow(UsageProblems::badPosition))
            .orElse(UsagePosition.START);
    if (request.header("accept").orElse("").startsWith("text/plain")) {
      return Response.text(200, text(usage.days(query, after, TEXT_LINES_MAX)));
    }
    var size = request.queryInt("maxPageSize", 1, Integer.MAX_VALUE).orElse(PAGE_MAX);
    var page = usage.days(query, after, Math.min(PAGE_MAX, size));
    var link = page.next().map(next -> link(request, next)).orElse(null);
    return Response.json(200, new DayList(page.items().stream().map(this::model).toList(), link));
  }

  private Optional<ResourceId> resource(Request request) {
    var name = request.query("resource");
    if (request.caller() instanceof Caller.Principal) {
      return name.map(named);
    }
    if (name.isPresent() && !name.get().equals(request.resource().name())) {
      throw UsageProblems.foreignResource();
    }
    return Optional.of(request.resource().id());
  }

  private static LocalDate day(Request request, String name, LocalDate fallback) {
    try {
      return request.query(name).map(LocalDate::parse).orElse(fallback);
    } catch (DateTimeParseException _) {
      throw UsageProblems.badDay(name);
    }
  }

  private DayModel model(UsageDay day) {
    var name = resources.byId(day.resource()).map(found -> found.name());
    return new DayModel(
        name.orElse(day.resource().value()),
        day.meter(),
        day.day().toString(),
        day.quantity(),
        day.records());
  }

  private String text(Page<UsageDay> page) {
    var lines = new StringBuilder();
    for (var day : page.items()) {
      var model = model(day);
      lines
          .append(String.join("\t", model.resource(), model.meter(), model.day()))
          .append("\t%d\t%d\n".formatted(model.quantity(), model.records()));
    }
    if (page.next().isPresent()) {
      lines.append("More lines are left out; ask for fewer days, one meter or one resource.\n");
    }
    return lines.toString();
  }

  /** Relative, since the operator asks where no resource's address is. */
  private static String link(Request request, String next) {
    var link = new StringBuilder("/parley/usage?");
    for (var name : List.of("resource", "meter", "from", "to", "maxPageSize")) {
      request
          .query(name)
          .ifPresent(value -> link.append(name).append('=').append(encoded(value)).append('&'));
    }
    return link.append("after=").append(encoded(next)).toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
