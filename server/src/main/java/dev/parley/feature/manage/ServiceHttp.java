package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmInventory;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.ArmResource;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.feature.manage.ServiceModels.Body;
import dev.parley.feature.manage.ServiceModels.KeysModel;
import dev.parley.feature.manage.ServiceModels.NameBody;
import dev.parley.feature.manage.ServiceModels.NameModel;
import dev.parley.feature.manage.ServiceModels.ServiceModel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Routes of {@code communicationServices}. */
final class ServiceHttp implements ArmInventory {
  static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2020-08-20-preview",
          "2020-08-20",
          "2021-10-01-preview",
          "2022-07-01-preview",
          "2023-03-01-preview",
          "2023-03-31",
          "2023-04-01-preview",
          "2023-04-01",
          "2023-06-01-preview",
          "2023-06-01",
          "2024-09-01-preview",
          "2025-01-25-preview",
          "2025-05-01-preview",
          "2025-05-01",
          "2025-09-01");

  private static final String PROVIDER = "/providers/Microsoft.Communication";
  private static final String COLLECTION = PROVIDER + "/communicationServices";
  private static final String SERVICE =
      ArmOperation.GROUP + COLLECTION + "/{communicationServiceName}";
  private static final String ACTION = "Microsoft.Communication/communicationServices/";

  private final Services services;
  private final Resources resources;
  private final Arm arm;
  private final Supplier<String> tenant;

  /**
   * The routes.
   *
   * @param tenant id of the directory
   */
  ServiceHttp(Services services, Resources resources, Arm arm, Supplier<String> tenant) {
    this.services = services;
    this.resources = resources;
    this.arm = arm;
    this.tenant = tenant;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.GET,
            ArmOperation.SUBSCRIPTION,
            COLLECTION,
            "CommunicationServices_ListBySubscription",
            "read",
            this::list),
        route(
            Method.GET,
            ArmOperation.GROUP,
            COLLECTION,
            "CommunicationServices_ListByResourceGroup",
            "read",
            this::list),
        route(Method.GET, SERVICE, "", "CommunicationServices_Get", "read", this::get),
        route(Method.PUT, SERVICE, "", "CommunicationServices_CreateOrUpdate", "write", this::put),
        route(Method.PATCH, SERVICE, "", "CommunicationServices_Update", "write", this::patch),
        route(Method.DELETE, SERVICE, "", "CommunicationServices_Delete", "delete", this::delete),
        route(
            Method.POST,
            SERVICE,
            "/listKeys",
            "CommunicationServices_ListKeys",
            "listKeys/action",
            this::listKeys),
        route(
            Method.POST,
            SERVICE,
            "/regenerateKey",
            "CommunicationServices_RegenerateKey",
            "regenerateKey/action",
            this::regenerateKey),
        route(
            Method.POST,
            SERVICE,
            "/linkNotificationHub",
            "CommunicationServices_LinkNotificationHub",
            "linkNotificationHub/action",
            this::linkNotificationHub),
        arm.route(
            ArmOperation.of(
                    Method.POST,
                    ArmOperation.SUBSCRIPTION,
                    PROVIDER + "/checkNameAvailability",
                    "CommunicationServices_CheckNameAvailability",
                    "Microsoft.Communication/checkNameAvailability/read",
                    VERSIONS,
                    this::checkName)
                .asQuestion()));
  }

  private Route route(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(ArmOperation.of(method, scope, rest, name, ACTION + right, VERSIONS, handler));
  }

  private Response list(ArmCall call) {
    var found =
        resources.entries().stream()
            .filter(entry -> entry.stored().settings().id().within(call.id()))
            .map(this::model)
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response get(ArmCall call) {
    return answer(200, there(call.id()));
  }

  private Response put(ArmCall call) {
    var body = call.json(Body.class);
    if (body.location() == null) {
      throw ArmProblems.locationRequired();
    }
    if (!body.location().equalsIgnoreCase("global")) {
      throw ArmProblems.badLocation(body.location(), type());
    }
    var existing = resources.register().find(call.id());
    call.checkEtag(existing.map(entry -> entry.stored().settings().etag()));
    if (existing.isPresent()) {
      return answer(200, services.replace(existing.get(), body, call.caller()));
    }
    // It is there before the answer leaves, so the status that clients follow is at its end.
    var status = arm.statuses().begin(call.id());
    var made = services.create(call.id(), body, call.caller());
    arm.statuses().end(status, java.util.Optional.empty());
    return call.followed(answer(201, made), status, 0);
  }

  private Response patch(ArmCall call) {
    var entry = there(call.id());
    call.checkEtag(java.util.Optional.of(entry.stored().settings().etag()));
    return answer(200, services.merge(entry, call.json(Body.class), call.caller()));
  }

  private Response delete(ArmCall call) {
    var entry = resources.register().find(call.id());
    if (entry.isEmpty()) {
      return Response.empty(204);
    }
    call.checkEtag(java.util.Optional.of(entry.get().stored().settings().etag()));
    var status = arm.statuses().begin(call.id());
    services.delete(entry.get(), status, call.origin());
    return call.followed(Response.empty(202), status, 0);
  }

  private Response listKeys(ArmCall call) {
    var entry = there(call.id());
    return secret(
        new KeysModel(
            Resources.keyOf(entry, KeySlot.PRIMARY).secret().revealBase64(),
            Resources.keyOf(entry, KeySlot.SECONDARY).secret().revealBase64(),
            Resources.connectionString(entry, KeySlot.PRIMARY),
            Resources.connectionString(entry, KeySlot.SECONDARY)));
  }

  /** Shows the new key alone: the other one is for those who may list keys. */
  private Response regenerateKey(ArmCall call) {
    var entry = there(call.id());
    var type = call.json(ServiceModels.KeyBody.class).keyType();
    var slot =
        switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
          case "primary" -> KeySlot.PRIMARY;
          case "secondary" -> KeySlot.SECONDARY;
          default -> throw ManageProblems.badKeyType();
        };
    resources.regenerateKey(entry.resource().name(), slot, call.origin());
    var now = there(call.id());
    var key = Resources.keyOf(now, slot).secret().revealBase64();
    var connection = Resources.connectionString(now, slot);
    return secret(
        slot == KeySlot.PRIMARY
            ? new KeysModel(key, null, connection, null)
            : new KeysModel(null, key, null, connection));
  }

  private static Response secret(KeysModel keys) {
    return Response.json(200, keys).header("Cache-Control", "no-store");
  }

  private Response linkNotificationHub(ArmCall call) {
    there(call.id());
    throw ManageProblems.noNotificationHubs();
  }

  private Response checkName(ArmCall call) {
    var body = call.json(NameBody.class);
    var name = body.name() == null ? "" : body.name();
    var type = body.type() == null ? type() : body.type();
    if (!type.equalsIgnoreCase(type())) {
      return Response.json(200, services.otherName(name, type));
    }
    return Response.json(
        200,
        resources
            .whyNot(name)
            .map(refusal ->
                new NameModel(
                    false,
                    refusal.status() == 409 ? "AlreadyExists" : "Invalid",
                    refusal.message()))
            .orElse(new NameModel(true, null, null)));
  }

  private ResourceTable.Entry there(ArmId id) {
    return resources.register().find(id).orElseThrow(() -> ArmProblems.noResource(id));
  }

  private Response answer(int status, ResourceTable.Entry entry) {
    return Response.json(status, model(entry)).header("ETag", entry.stored().settings().etag());
  }

  private ServiceModel model(ResourceTable.Entry entry) {
    return ServiceModels.of(entry, tenant.get());
  }

  // As the other parts of the management plane see them.

  @Override
  public String type() {
    return ServiceSettings.NAMESPACE + "/" + ServiceSettings.TYPE;
  }

  @Override
  public List<String> versions() {
    return VERSIONS.known();
  }

  @Override
  public List<ArmResource> list(String subscription) {
    return resources.entries().stream()
        .map(entry -> entry.stored().settings())
        .filter(settings -> settings.subscription().equalsIgnoreCase(subscription))
        .map(settings ->
            new ArmResource(settings.id(), "global", Map.copyOf(settings.tags()), settings.made()))
        .toList();
  }

  @Override
  public void delete(Caller.Principal caller, ArmId id) {
    resources.register().find(id).ifPresent(entry -> services.deleteNow(entry, caller.origin()));
  }
}
