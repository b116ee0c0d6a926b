package dev.parley.feature.siprouting;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes of SIP routing. The stable contract knows trunks and routes; the preview one adds domains,
 * what is enabled, and the health of trunks, and only its callers are shown those.
 */
final class SipHttp {
  private static final String PREVIEW = "2023-04-01-preview";
  private static final ApiVersions VERSIONS =
      ApiVersions.of("2021-05-01-preview", "2022-09-01-preview", "2023-03-01", PREVIEW);

  record DomainModel(@Nullable Boolean enabled) {}

  record StatusModel(String status) {}

  /** No trunk has been looked at yet, as far as this room knows. */
  record HealthModel(StatusModel tls, StatusModel ping, StatusModel overall) {
    static final HealthModel UNKNOWN =
        new HealthModel(
            new StatusModel("unknown"), new StatusModel("unknown"), new StatusModel("unknown"));
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TrunkModel(
      @Nullable Integer sipSignalingPort,
      @Nullable Boolean enabled,
      @Nullable HealthModel health) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RouteModel(
      @Nullable String description,
      @Nullable String name,
      @Nullable String numberPattern,
      @Nullable List<@Nullable String> trunks) {
    static RouteModel of(SipRoute route) {
      return new RouteModel(
          route.description(), route.name(), route.numberPattern(), List.copyOf(route.trunks()));
    }

    SipRoute route() {
      var names = trunks == null ? List.<@Nullable String>of() : trunks;
      return new SipRoute(
          name == null ? "" : name,
          description,
          numberPattern == null ? "" : numberPattern,
          names.stream().map(fqdn -> fqdn == null ? "" : fqdn).toList());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ConfigurationModel(
      @Nullable Map<String, @Nullable DomainModel> domains,
      @Nullable Map<String, @Nullable TrunkModel> trunks,
      @Nullable List<RouteModel> routes) {}

  record MatchesModel(List<RouteModel> matchingRoutes) {}

  private final SipRouting routing;

  SipHttp(SipRouting routing) {
    this.routing = routing;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "/sip", "SipRouting_Get", VERSIONS, this::get),
        route(Method.PATCH, "/sip", "SipRouting_Update", VERSIONS, this::update),
        route(
            Method.POST,
            "/sip:testRoutesWithNumber",
            "SipRouting_TestRoutesWithNumber",
            ApiVersions.of(PREVIEW),
            this::test));
  }

  private static Route route(
      Method method, String path, String operation, ApiVersions versions, Handler handler) {
    var verb = operation.substring(operation.indexOf('_') + 1);
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        versions,
        "sipRouting." + Character.toLowerCase(verb.charAt(0)) + verb.substring(1),
        "SipRoutingOperational",
        Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private static boolean isPreview(Request request) {
    return request.apiVersion().equals(PREVIEW);
  }

  private Response get(Request request) {
    // The stable contract has no such parameter, and ignores it.
    var expand = isPreview(request) ? request.query("expand") : Optional.<String>empty();
    if (expand.isPresent() && !expand.get().equals("trunks/health")) {
      throw SipProblems.badExpand();
    }
    return Response.json(
        200, model(routing.get(request.resource().id()), isPreview(request), expand.isPresent()));
  }

  private Response update(Request request) {
    var patch = patch(request.json(ConfigurationModel.class));
    var after = routing.update(request.caller(), patch, isPreview(request));
    return Response.json(200, model(after, isPreview(request), false));
  }

  private Response test(Request request) {
    var number = request.query("targetPhoneNumber").orElseThrow(SipProblems::numberMissing);
    var configuration =
        request.body().length == 0
            ? routing.get(request.resource().id())
            : patch(request.json(ConfigurationModel.class)).applied(SipConfiguration.EMPTY);
    var matching =
        request.body().length == 0
            ? SipRouting.matching(configuration, number)
            : routing.test(configuration, number);
    return Response.json(200, new MatchesModel(matching.stream().map(RouteModel::of).toList()));
  }

  private static SipPatch patch(ConfigurationModel model) {
    var domains = new LinkedHashMap<String, Optional<SipPatch.DomainPatch>>();
    if (model.domains() != null) {
      model
          .domains()
          .forEach((name, domain) ->
              domains.put(
                  name,
                  Optional.ofNullable(domain)
                      .map(it -> new SipPatch.DomainPatch(Optional.ofNullable(it.enabled())))));
    }
    var trunks = new LinkedHashMap<String, Optional<SipPatch.TrunkPatch>>();
    if (model.trunks() != null) {
      model
          .trunks()
          .forEach((fqdn, trunk) ->
              trunks.put(
                  fqdn,
                  Optional.ofNullable(trunk)
                      .map(it ->
                          new SipPatch.TrunkPatch(
                              Optional.ofNullable(it.sipSignalingPort()),
                              Optional.ofNullable(it.enabled())))));
    }
    return new SipPatch(
        domains,
        trunks,
        Optional.ofNullable(model.routes())
            .map(routes -> routes.stream().map(RouteModel::route).toList()));
  }

  private static ConfigurationModel model(
      SipConfiguration configuration, boolean preview, boolean health) {
    var domains = new LinkedHashMap<String, @Nullable DomainModel>();
    configuration
        .domains()
        .forEach(domain -> domains.put(domain.name(), new DomainModel(domain.enabled())));
    var trunks = new LinkedHashMap<String, @Nullable TrunkModel>();
    configuration
        .trunks()
        .forEach(trunk ->
            trunks.put(
                trunk.fqdn(),
                new TrunkModel(
                    trunk.port(),
                    preview ? trunk.enabled() : null,
                    health ? HealthModel.UNKNOWN : null)));
    return new ConfigurationModel(
        preview ? domains : null,
        trunks,
        configuration.routes().stream().map(RouteModel::of).toList());
  }
}
