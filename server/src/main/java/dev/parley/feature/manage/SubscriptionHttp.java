package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.manage.PlaceModels.FailureModel;
import dev.parley.feature.manage.PlaceModels.LocationModel;
import dev.parley.feature.manage.PlaceModels.StatusModel;
import dev.parley.feature.manage.PlaceModels.SubscriptionModel;
import dev.parley.feature.manage.PlaceModels.TenantModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Routes of what clients ask first: the cloud's endpoints, tenants, subscriptions and their
 * locations; and of what they ask last: the statuses of long-running operations.
 */
final class SubscriptionHttp {
  /** The oldest; every later date is served like it. */
  private static final ApiVersions VERSIONS = ApiVersions.of("2014-04-01");

  private static final String OPERATION =
      "/providers/{providerNamespace}/locations/{location}/operation";

  private final Places places;
  private final StatusRows statuses;
  private final Arm arm;
  private final Supplier<String> tenant;

  SubscriptionHttp(Places places, StatusRows statuses, Arm arm, Supplier<String> tenant) {
    this.places = places;
    this.statuses = statuses;
    this.arm = arm;
    this.tenant = tenant;
  }

  List<Route> routes() {
    return List.of(
        metadata(),
        route("", "/tenants", "Tenants_List", "", this::tenants),
        route("", "/subscriptions", "Subscriptions_List", "", this::list),
        route(
            ArmOperation.SUBSCRIPTION,
            "",
            "Subscriptions_Get",
            "Microsoft.Resources/subscriptions/read",
            this::get),
        route(
            ArmOperation.SUBSCRIPTION,
            "/locations",
            "Subscriptions_ListLocations",
            "Microsoft.Resources/subscriptions/locations/read",
            this::locations),
        route(
            ArmOperation.SUBSCRIPTION,
            OPERATION + "Statuses/{operationId}",
            "Operations_GetStatus",
            "",
            this::status),
        route(
            ArmOperation.SUBSCRIPTION,
            OPERATION + "Results/{operationId}",
            "Operations_GetResult",
            "",
            this::result));
  }

  private Route route(String scope, String rest, String name, String action, ArmHandler handler) {
    return arm.route(ArmOperation.of(Method.GET, scope, rest, name, action, VERSIONS, handler));
  }

  /** Asked before there is a token, to find out where to get one. */
  private Route metadata() {
    return new Route(
        Method.GET,
        "/metadata/endpoints",
        "Metadata_GetEndpoints",
        Set.of(Callers.ANONYMOUS),
        Set.of(),
        ApiVersions.NONE,
        "manage.metadata",
        "Administrative",
        Idempotency.NATURAL,
        0,
        this::endpoints,
        true);
  }

  private Response endpoints(Request request) {
    var here = request.resource().endpoint().toString();
    var authentication =
        Map.of(
            "loginEndpoint",
            here,
            "audiences",
            List.of("https://management.core.windows.net/", "https://management.azure.com/", here),
            "tenant",
            tenant.get(),
            "identityProvider",
            "AAD");
    // The form of 2015 is one object, later ones are a list of clouds.
    return request.query("api-version").orElse("").startsWith("2015")
        ? Response.json(
            200,
            Map.of(
                "galleryEndpoint",
                here,
                "graphEndpoint",
                here,
                "portalEndpoint",
                here,
                "authentication",
                authentication))
        : Response.json(
            200,
            List.of(
                Map.of(
                    "name",
                    "Parley",
                    "portal",
                    here,
                    "authentication",
                    authentication,
                    "resourceManager",
                    here,
                    "media",
                    here,
                    "graph",
                    here,
                    "graphAudience",
                    here,
                    "microsoftGraphResourceId",
                    here + "/",
                    "gallery",
                    here,
                    "suffixes",
                    Map.of())));
  }

  private Response tenants(ArmCall call) {
    return Response.json(
        200,
        ArmList.of(
            List.of(new TenantModel("/tenants/" + tenant.get(), tenant.get(), "Parley", "Home"))));
  }

  private Response list(ArmCall call) {
    return Response.json(
        200,
        ArmList.of(
            places.subscriptions().stream()
                .filter(one -> arm.authority().sees(call.caller(), ArmId.ofSubscription(one.id())))
                .map(this::model)
                .toList()));
  }

  private Response get(ArmCall call) {
    return Response.json(200, model(places.subscription(call.id().subscription()).orElseThrow()));
  }

  private SubscriptionModel model(Places.Subscription one) {
    return new SubscriptionModel(
        "/subscriptions/" + one.id(),
        "RoleBased",
        one.id(),
        tenant.get(),
        one.name(),
        "Enabled",
        Map.of(
            "locationPlacementId", "Public_2014-09-01",
            "quotaId", "Parley",
            "spendingLimit", "Off"));
  }

  private Response locations(ArmCall call) {
    return Response.json(
        200,
        ArmList.of(
            List.of(
                new LocationModel(
                    call.id() + "/locations/global",
                    call.id().subscription(),
                    "global",
                    "Global",
                    "Region"))));
  }

  private Response status(ArmCall call) {
    var status = found(call);
    var response =
        Response.json(
            200,
            new StatusModel(
                place(call, "operationStatuses"),
                status.id(),
                status.target(),
                status.state(),
                status.startedOn(),
                status.isRunning() ? null : status.endedOn(),
                status.isRunning() ? null : 100.0,
                status.code().isEmpty()
                    ? null
                    : new FailureModel(status.code(), status.message())));
    return status.isRunning() ? response.header("Retry-After", "1") : response;
  }

  /** 202 while it runs; then as the operation itself would have answered. */
  private Response result(ArmCall call) {
    var status = found(call);
    if (status.isRunning()) {
      return Response.empty(202)
          .header(
              "Location",
              call.link(
                  place(call, "operationResults") + "?api-version=" + call.request().apiVersion()))
          .header("Retry-After", "1");
    }
    if (status.code().isEmpty()) {
      return Response.empty(204);
    }
    throw ManageProblems.operationFailed(status.code(), status.message());
  }

  private static String place(ArmCall call, String collection) {
    return "%s/providers/%s/locations/%s/%s/%s"
        .formatted(
            call.id(),
            call.path("providerNamespace"),
            call.path("location"),
            collection,
            call.path("operationId"));
  }

  /** Whoever sees nothing of the target does not see its operations either. */
  private StatusRows.Status found(ArmCall call) {
    var id = call.path("operationId");
    return statuses
        .find(id)
        .filter(one ->
            ArmId.parse(one.target())
                .filter(target -> target.within(call.id()))
                .filter(target -> arm.authority().sees(call.caller(), target))
                .isPresent())
        .orElseThrow(() -> ManageProblems.noOperation(id));
  }
}
