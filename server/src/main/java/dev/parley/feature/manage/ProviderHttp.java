package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.manage.PlaceModels.DisplayModel;
import dev.parley.feature.manage.PlaceModels.OperationModel;
import dev.parley.feature.manage.PlaceModels.ProviderModel;
import dev.parley.feature.manage.PlaceModels.TypeModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Routes of resource providers: all are there and registered, so registering changes nothing. */
final class ProviderHttp {
  private static final String PROVIDERS = "/providers";
  private static final String PROVIDER = PROVIDERS + "/{resourceProviderNamespace}";
  private static final List<String> ANY = List.of("2015-07-01", "2022-04-01");

  /** Types that no inventory keeps. */
  private static final Map<String, List<String>> ALWAYS =
      Map.of(
          "Microsoft.Resources", List.of("subscriptions", "resourceGroups", "resources"),
          "Microsoft.Authorization", List.of("locks", "roleAssignments", "roleDefinitions"),
          "Microsoft.Insights", List.of("eventtypes"),
          "Microsoft.EventGrid", List.of("eventSubscriptions", "topicTypes", "eventTypes"));

  /** What {@code operations} of a provider names: its rights. */
  private static final List<String> OPERATIONS =
      List.of(
          "communicationServices/read",
          "communicationServices/write",
          "communicationServices/delete",
          "communicationServices/listKeys/action",
          "communicationServices/regenerateKey/action",
          "communicationServices/linkNotificationHub/action",
          "checkNameAvailability/read");

  private final Arm arm;

  ProviderHttp(Arm arm) {
    this.arm = arm;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.GET, ArmOperation.SUBSCRIPTION, PROVIDERS, "Providers_List", "read", this::list),
        route(Method.GET, ArmOperation.SUBSCRIPTION, PROVIDER, "Providers_Get", "read", this::get),
        route(
            Method.POST,
            ArmOperation.SUBSCRIPTION,
            PROVIDER + "/register",
            "Providers_Register",
            "register/action",
            this::get),
        route(
            Method.POST,
            ArmOperation.SUBSCRIPTION,
            PROVIDER + "/unregister",
            "Providers_Unregister",
            "unregister/action",
            this::get),
        arm.route(
            ArmOperation.of(
                Method.GET,
                "",
                "/providers/Microsoft.Communication/operations",
                "Operations_List",
                "",
                ServiceHttp.VERSIONS,
                this::operations)));
  }

  private Route route(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(
        ArmOperation.of(
            method,
            scope,
            rest,
            name,
            "Microsoft.Resources/subscriptions/providers/" + right,
            GroupHttp.VERSIONS,
            handler));
  }

  private Response list(ArmCall call) {
    return Response.json(
        200,
        ArmList.of(
            types().entrySet().stream()
                .map(one -> model(call, one.getKey(), one.getValue()))
                .toList()));
  }

  private Response get(ArmCall call) {
    var namespace = call.path("resourceProviderNamespace");
    return types().entrySet().stream()
        .filter(one -> one.getKey().equalsIgnoreCase(namespace))
        .findFirst()
        .map(one -> Response.json(200, model(call, one.getKey(), one.getValue())))
        .orElseThrow(() -> ManageProblems.noProvider(namespace));
  }

  private Map<String, List<TypeModel>> types() {
    var types = new TreeMap<String, List<TypeModel>>();
    ALWAYS.forEach((namespace, names) -> {
      for (var name : names) {
        types
            .computeIfAbsent(namespace, _ -> new ArrayList<>())
            .add(new TypeModel(name, List.of("global"), ANY, "None"));
      }
    });
    for (var inventory : arm.inventories()) {
      var slash = inventory.type().indexOf('/');
      types
          .computeIfAbsent(inventory.type().substring(0, slash), _ -> new ArrayList<>())
          .add(
              new TypeModel(
                  inventory.type().substring(slash + 1),
                  List.of("global"),
                  inventory.versions().reversed(),
                  "SupportsTags, SupportsLocation"));
    }
    return types;
  }

  private static ProviderModel model(ArmCall call, String namespace, List<TypeModel> types) {
    return new ProviderModel(
        call.id().subscriptionId() + "/providers/" + namespace,
        namespace,
        "Registered",
        "RegistrationFree",
        types);
  }

  private Response operations(ArmCall call) {
    return Response.json(
        200,
        ArmList.of(
            OPERATIONS.stream()
                .map(one -> {
                  var slash = one.indexOf('/');
                  var verb = one.substring(slash + 1).toLowerCase(Locale.ROOT);
                  return new OperationModel(
                      "Microsoft.Communication/" + one,
                      false,
                      new DisplayModel(
                          "Microsoft Communication", one.substring(0, slash), verb, verb));
                })
                .toList()));
  }
}
