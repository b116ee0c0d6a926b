package dev.parley.feature.manage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmLock;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.OperatorRoutes;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.KeySlot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Routes of the resource operations. {@code Accept: text/plain} gets lines for a shell: the
 * connection string alone, or for a list name, endpoint and connection string between tabs.
 */
final class ResourceHttp {
  private record NewResource(@Nullable String name) {}

  private record KeyToRegenerate(@Nullable String keyType) {}

  private record ResourceModel(
      String name,
      String id,
      String endpoint,
      @JsonProperty("connectionString") String connectionString) {
    static ResourceModel of(Resources.Created created) {
      var resource = created.resource();
      return new ResourceModel(
          resource.name(),
          resource.id().value(),
          resource.endpoint() + "/",
          created.connectionString());
    }
  }

  private record ResourceList(List<ResourceModel> value) {}

  private record DeletedModel(
      String name, String id, Instant deletedOn, Instant purgedOn, String armId) {
    static DeletedModel of(ResourceTable.Entry entry) {
      var deleted = (ResourceState.Deleted) entry.stored().state();
      return new DeletedModel(
          entry.resource().name(),
          entry.resource().id().value(),
          deleted.deletedOn(),
          deleted.purgeOn(),
          entry.stored().settings().id().toString());
    }
  }

  private record DeletedList(List<DeletedModel> value) {}

  private final Resources resources;
  private final Arm arm;
  private final OperatorLog log;

  ResourceHttp(Resources resources, Arm arm, OperatorLog log) {
    this.resources = resources;
    this.arm = arm;
    this.log = log;
  }

  /** All operations of this room. */
  List<Route> routes() {
    return List.of(
        route(Method.GET, "", "Parley_ListResources", this::list),
        route(Method.POST, "", "Parley_CreateResource", this::create),
        route(Method.GET, "/{name}", "Parley_GetResource", this::get),
        route(Method.DELETE, "/{name}", "Parley_DeleteResource", this::delete),
        route(Method.POST, "/{name}/:clone", "Parley_CloneResource", this::cloneOf),
        route(Method.POST, "/{name}/:reset", "Parley_ResetResource", this::reset),
        route(Method.GET, "/:deleted", "Parley_ListDeletedResources", this::deleted),
        route(Method.POST, "/{name}/:restore", "Parley_RestoreResource", this::restore),
        route(Method.POST, "/{name}/:purge", "Parley_PurgeResource", this::purge),
        OperatorRoutes.route(
            Method.POST,
            "/parley/subscriptions",
            "Parley_CreateSubscription",
            "parley.resources",
            this::createSubscription),
        route(Method.POST, "/{name}/:regenerateKey", "Parley_RegenerateKey", this::regenerate));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return OperatorRoutes.route(
        method, "/parley/resources" + path, operation, "parley.resources", handler);
  }

  /** Shows keys, which is worth a line in the log. */
  private Response list(Request request) {
    return log.logged(
        request,
        ArmId.ROOT,
        "Microsoft.Communication/communicationServices/listKeys/action",
        () -> listed(request));
  }

  private Response listed(Request request) {
    var all = resources.list();
    if (OperatorRoutes.wantsText(request)) {
      return Response.text(
          200,
          all.stream()
              .map(ResourceModel::of)
              .map(model ->
                  String.join("\t", model.name(), model.endpoint(), model.connectionString()))
              .collect(Collectors.joining("\n", "", "\n")));
    }
    return Response.json(200, new ResourceList(all.stream().map(ResourceModel::of).toList()));
  }

  private Response create(Request request) {
    var name = name(request);
    return logged(
        request,
        resources.atHome(name).id(),
        "write",
        () -> answer(request, 201, resources.create(name, request.caller().origin())));
  }

  private Response get(Request request) {
    var name = request.path("name");
    var id = resources.register().named(name).stored().settings().id();
    return logged(request, id, "listKeys/action", () -> answer(request, 200, resources.get(name)));
  }

  private Response cloneOf(Request request) {
    var source = request.path("name");
    var name = name(request);
    return logged(
        request,
        resources.atHome(name).id(),
        "write",
        () -> answer(request, 201, resources.clone(source, name, request.caller().origin())));
  }

  private Response reset(Request request) {
    var name = request.path("name");
    var id = resources.register().named(name).stored().settings().id();
    checkLock(arm.places().lockOnDelete(id), ArmOperation.Effect.DELETE, id);
    return logged(
        request,
        id,
        "reset/action",
        () -> {
          resources.deletions().reset(name, request.caller().origin());
          return answer(request, 200, resources.get(name));
        });
  }

  private Response regenerate(Request request) {
    var slot =
        switch (request.json(KeyToRegenerate.class).keyType()) {
          case "Primary" -> KeySlot.PRIMARY;
          case "Secondary" -> KeySlot.SECONDARY;
          case null, default -> throw ManageProblems.badKeyType();
        };
    var name = request.path("name");
    var id = resources.register().named(name).stored().settings().id();
    checkLock(arm.places().lock(id).filter(ArmLock::readOnly), ArmOperation.Effect.ACTION, id);
    return logged(
        request,
        id,
        "regenerateKey/action",
        () -> answer(request, 200, resources.regenerateKey(name, slot, request.caller().origin())));
  }

  private Response delete(Request request) {
    var name = request.path("name");
    var id = resources.register().named(name).stored().settings().id();
    checkLock(arm.places().lockOnDelete(id), ArmOperation.Effect.DELETE, id);
    return logged(
        request,
        id,
        "delete",
        () -> {
          resources.deletions().delete(name, request.caller().origin());
          return Response.empty(204);
        });
  }

  private Response deleted(Request request) {
    var all = resources.deleted().stream().map(DeletedModel::of).toList();
    return OperatorRoutes.wantsText(request)
        ? Response.text(
            200,
            all.stream()
                .map(one ->
                    String.join(
                        "\t", one.name(), one.deletedOn().toString(), one.purgedOn().toString()))
                .collect(Collectors.joining("\n", "", "\n")))
        : Response.json(200, new DeletedList(all));
  }

  private Response restore(Request request) {
    var name = request.path("name");
    return logged(
        request,
        resources.register().deleted(name).stored().settings().id(),
        "restore/action",
        () -> {
          resources.deletions().restore(name, request.caller().origin());
          return answer(request, 200, resources.get(name));
        });
  }

  private Response purge(Request request) {
    var name = request.path("name");
    return logged(
        request,
        resources.register().deleted(name).stored().settings().id(),
        "purge/action",
        () -> {
          resources.deletions().purge(name, request.caller().origin());
          return Response.empty(204);
        });
  }

  private Response createSubscription(Request request) {
    var name = name(request);
    return log.logged(
        request,
        ArmId.ROOT,
        "Microsoft.Resources/subscriptions/write",
        () -> {
          var made = resources.places().addSubscription(name, request.caller().origin());
          return OperatorRoutes.wantsText(request)
              ? Response.text(201, made.id() + "\n")
              : Response.json(201, made);
        });
  }

  private Response logged(Request request, ArmId id, String right, Supplier<Response> work) {
    var action = "Microsoft.Communication/communicationServices/" + right;
    return log.logged(request, id, action, work);
  }

  private static void checkLock(Optional<ArmLock> lock, ArmOperation.Effect effect, ArmId id) {
    if (lock.isPresent()) {
      throw ArmProblems.locked(lock.get(), effect, id);
    }
  }

  private static String name(Request request) {
    var name = request.json(NewResource.class).name();
    if (name == null) {
      throw ManageProblems.badName("");
    }
    return name;
  }

  private static Response answer(Request request, int status, Resources.Created created) {
    var model = ResourceModel.of(created);
    return OperatorRoutes.wantsText(request)
        ? Response.text(status, model.connectionString() + "\n")
        : Response.json(status, model);
  }
}
