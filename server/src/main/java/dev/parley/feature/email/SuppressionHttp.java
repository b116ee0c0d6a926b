package dev.parley.feature.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is suppressed and why, for the domains that a resource is linked to: its own for an access
 * key; for the operator those of the resource that the parameter {@code resource} names, or of the
 * default one. {@code Accept: text/plain} gets lines for a shell: address, domain, reason and time
 * between tabs.
 */
final class SuppressionHttp {
  private static final String PATH = "/parley/email/suppressions";
  private static final int PAGE_MAX = 1_000;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record SuppressionModel(
      String address, String domain, String reason, @Nullable String list, @Nullable String since) {
    static SuppressionModel of(Suppression one) {
      return one.isAutomatic()
          ? new SuppressionModel(
              one.address(), one.domain(), one.reason(), null, one.since().toString())
          : new SuppressionModel(one.address(), one.domain(), one.reason(), one.list(), null);
    }

    String line() {
      return String.join("\t", address, domain, reason, since == null ? "" : since) + "\n";
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record SuppressionList(List<SuppressionModel> value, @Nullable String nextLink) {}

  private final Suppressions suppressions;
  private final Domains domains;
  private final Function<String, Optional<ResourceId>> named;

  /**
   * The routes.
   *
   * @param named a resource by name; the default one for empty text
   */
  SuppressionHttp(
      Suppressions suppressions, Domains domains, Function<String, Optional<ResourceId>> named) {
    this.suppressions = suppressions;
    this.domains = domains;
    this.named = named;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "Parley_ListEmailSuppressions", this::list),
        route(Method.DELETE, "Parley_RemoveEmailSuppression", this::remove));
  }

  private static Route route(Method method, String operation, Handler handler) {
    return new Route(
        method,
        PATH,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        "parley.email",
        "ParleyAudit",
        Idempotency.NATURAL,
        0,
        handler);
  }

  private Response list(Request request) {
    var address = request.query("address").map(SuppressionHttp::address).orElse("");
    var after =
        request
            .query("after")
            .map(text -> Suppression.Place.parse(text).orElseThrow(EmailProblems::badPosition))
            .orElse(Suppression.Place.START);
    var size = Math.min(PAGE_MAX, request.queryInt("maxPageSize", 1, PAGE_MAX).orElse(PAGE_MAX));
    var page = suppressions.list(domains(request), address, after, size);
    var models = page.items().stream().map(SuppressionModel::of).toList();
    if (request.header("accept").orElse("").startsWith("text/plain")) {
      return Response.text(
          200,
          models.stream().map(SuppressionModel::line).collect(Collectors.joining())
              + (page.next().isPresent() ? "There are more; name a domain or an address.\n" : ""));
    }
    return Response.json(
        200,
        new SuppressionList(models, page.next().map(next -> link(request, next)).orElse(null)));
  }

  private Response remove(Request request) {
    var address = address(request.query("address").orElse(""));
    if (!suppressions.remove(domains(request), address)) {
      throw EmailProblems.notSuppressed(
          request.query("domain").orElse("any domain of the resource"));
    }
    return Response.empty(204);
  }

  private static String address(String text) {
    if (!Addresses.isAddress(text)) {
      throw EmailProblems.badAddress("address", text);
    }
    return text;
  }

  private List<SenderDomain> domains(Request request) {
    var all = domains.linked(resource(request));
    return request
        .query("domain")
        .map(name -> all.stream().filter(domain -> domain.domain().equalsIgnoreCase(name)).toList())
        .orElse(all);
  }

  private ResourceId resource(Request request) {
    if (!request.resource().id().equals(ResourceId.HOUSE)) {
      return request.resource().id();
    }
    var name = request.query("resource").orElse("");
    return named.apply(name).orElseThrow(() -> EmailProblems.noResource(name));
  }

  /** Relative, since the operator asks where no resource's address is. */
  private static String link(Request request, String next) {
    var link = new StringBuilder(PATH + "?");
    for (var name : List.of("resource", "domain", "address", "maxPageSize")) {
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
