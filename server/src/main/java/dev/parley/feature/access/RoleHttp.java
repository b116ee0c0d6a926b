package dev.parley.feature.access;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Routes of {@code Microsoft.Authorization}: role definitions and assignments, at every scope. */
final class RoleHttp {
  /** The oldest; every later date is served like it. */
  private static final ApiVersions VERSIONS = ApiVersions.of("2015-07-01");

  private static final String PROVIDER = "Microsoft.Authorization/";
  private static final String ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments";
  private static final String DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions";

  private record AssignmentBody(@Nullable AssignmentProperties properties) {}

  private record AssignmentProperties(
      @Nullable String roleDefinitionId,
      @Nullable String principalId,
      @Nullable String description) {}

  private record AssignmentModel(String id, String name, String type, Given properties) {}

  private record Given(
      String roleDefinitionId,
      String principalId,
      String principalType,
      String scope,
      @Nullable String description,
      Instant createdOn,
      Instant updatedOn,
      String createdBy,
      String updatedBy) {}

  private record RoleBody(@Nullable RoleProperties properties) {}

  private record RoleProperties(
      @Nullable String roleName,
      @Nullable String description,
      @Nullable List<PermissionModel> permissions) {}

  private record PermissionModel(
      @Nullable List<String> actions,
      @Nullable List<String> notActions,
      @Nullable List<String> dataActions,
      @Nullable List<String> notDataActions) {}

  private record RoleModel(String id, String name, String type, Described properties) {}

  private record Described(
      String roleName,
      String type,
      String description,
      List<String> assignableScopes,
      List<PermissionModel> permissions) {}

  private final Access access;
  private final Arm arm;

  RoleHttp(Access access, Arm arm) {
    this.access = access;
    this.arm = arm;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var scope : ArmOperation.SCOPES) {
      routes.add(
          route(
              Method.GET,
              scope,
              ASSIGNMENTS,
              "RoleAssignments_ListForScope",
              "roleAssignments/read",
              this::list));
      routes.add(
          route(
              Method.GET,
              scope,
              ASSIGNMENTS + "/{assignment}",
              "RoleAssignments_Get",
              "roleAssignments/read",
              this::get));
      routes.add(
          route(
              Method.PUT,
              scope,
              ASSIGNMENTS + "/{assignment}",
              "RoleAssignments_Create",
              "roleAssignments/write",
              this::put));
      routes.add(
          route(
              Method.DELETE,
              scope,
              ASSIGNMENTS + "/{assignment}",
              "RoleAssignments_Delete",
              "roleAssignments/delete",
              this::delete));
      routes.add(
          route(
              Method.GET,
              scope,
              DEFINITIONS,
              "RoleDefinitions_List",
              "roleDefinitions/read",
              this::listRoles));
      routes.add(
          route(
              Method.GET,
              scope,
              DEFINITIONS + "/{role}",
              "RoleDefinitions_Get",
              "roleDefinitions/read",
              this::getRole));
      routes.add(
          route(
              Method.PUT,
              scope,
              DEFINITIONS + "/{role}",
              "RoleDefinitions_CreateOrUpdate",
              "roleDefinitions/write",
              this::putRole));
      routes.add(
          route(
              Method.DELETE,
              scope,
              DEFINITIONS + "/{role}",
              "RoleDefinitions_Delete",
              "roleDefinitions/delete",
              this::deleteRole));
    }
    return routes;
  }

  private Route route(
      Method method, String scope, String rest, String name, String action, ArmHandler handler) {
    return arm.route(
        ArmOperation.of(method, scope, rest, name, PROVIDER + action, VERSIONS, handler));
  }

  private Response list(ArmCall call) {
    var filter =
        Filter.of(
            call.request().query("$filter"), List.of("atScope", "assignedTo", "principalId eq"));
    var principal = filter.find("principalId eq").or(() -> filter.find("assignedTo"));
    var found =
        access.assignments().stream()
            .filter(one ->
                call.id().within(one.scope())
                    || (!filter.has("atScope") && one.scope().within(call.id())))
            .filter(
                one -> principal.isEmpty() || one.principalId().equalsIgnoreCase(principal.get()))
            .map(one -> model(call.id().subscriptionId(), one))
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response get(ArmCall call) {
    var id = call.path("assignment");
    return Response.json(
        200,
        access
            .assignment(call.id(), id)
            .map(one -> model(call.id().subscriptionId(), one))
            .orElseThrow(() -> AccessProblems.notFound(id)));
  }

  private Response put(ArmCall call) {
    var properties = call.json(AssignmentBody.class).properties();
    if (properties == null
        || properties.roleDefinitionId() == null
        || properties.principalId() == null) {
      throw ArmProblems.badContent(
          "properties", "A role assignment needs roleDefinitionId and principalId.");
    }
    checkThere(call.id());
    var role = properties.roleDefinitionId();
    var made =
        access.assign(
            call.path("assignment"),
            call.id(),
            role.substring(role.lastIndexOf('/') + 1),
            properties.principalId(),
            properties.description() == null ? "" : properties.description(),
            call.caller());
    return Response.json(
        made.isNew() ? 201 : 200, model(call.id().subscriptionId(), made.assignment()));
  }

  /** A right at something that does not exist would wait for whoever makes it next. */
  private void checkThere(ArmId scope) {
    if (scope.isResource()
        && scope.type().equalsIgnoreCase("Microsoft.Communication/communicationServices")
        && arm.places().communicationService(scope).isEmpty()) {
      throw ArmProblems.noResource(scope);
    }
    if (!scope.isResource() && scope.group().isPresent() && !arm.places().hasGroup(scope)) {
      throw ArmProblems.noGroup(scope.name());
    }
  }

  private Response delete(ArmCall call) {
    return access
        .unassign(call.id(), call.path("assignment"), call.caller())
        .map(one -> Response.json(200, model(call.id().subscriptionId(), one)))
        .orElseGet(() -> Response.empty(204));
  }

  private Response listRoles(ArmCall call) {
    var filter =
        Filter.of(call.request().query("$filter"), List.of("atScope", "roleName eq", "type eq"));
    var name = filter.find("roleName eq");
    var type = filter.find("type eq");
    var found =
        access.roles().stream()
            .filter(role -> name.isEmpty() || role.name().equalsIgnoreCase(name.get()))
            .filter(role -> type.isEmpty() || type(role).equalsIgnoreCase(type.get()))
            .map(role -> model(call.id().subscriptionId(), role))
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response getRole(ArmCall call) {
    return Response.json(200, model(call.id().subscriptionId(), access.role(call.path("role"))));
  }

  private Response putRole(ArmCall call) {
    var properties = call.json(RoleBody.class).properties();
    if (properties == null || properties.roleName() == null || properties.permissions() == null) {
      throw ArmProblems.badContent(
          "properties", "A role definition needs roleName and permissions.");
    }
    var permissions = properties.permissions();
    var role =
        new Role(
            call.path("role").toLowerCase(Locale.ROOT),
            properties.roleName(),
            properties.description() == null ? "" : properties.description(),
            false,
            all(permissions, PermissionModel::actions),
            all(permissions, PermissionModel::notActions),
            all(permissions, PermissionModel::dataActions),
            all(permissions, PermissionModel::notDataActions));
    return Response.json(
        201, model(call.id().subscriptionId(), access.putRole(role, call.caller())));
  }

  private static List<String> all(
      List<PermissionModel> permissions,
      java.util.function.Function<PermissionModel, @Nullable List<String>> part) {
    var all = new ArrayList<String>();
    for (var permission : permissions) {
      var some = part.apply(permission);
      if (some != null) {
        all.addAll(some);
      }
    }
    return all;
  }

  private Response deleteRole(ArmCall call) {
    return Response.json(
        200,
        model(call.id().subscriptionId(), access.deleteRole(call.path("role"), call.caller())));
  }

  private static String roleId(ArmId subscription, String id) {
    return subscription + DEFINITIONS + "/" + id;
  }

  private static AssignmentModel model(ArmId subscription, Assignment one) {
    var scope = one.scope().equals(ArmId.ROOT) ? "" : one.scope().toString();
    return new AssignmentModel(
        scope + ASSIGNMENTS + "/" + one.id(),
        one.id(),
        PROVIDER + "roleAssignments",
        new Given(
            roleId(subscription, one.roleId()),
            one.principalId(),
            one.principalType(),
            one.scope().toString(),
            one.description().isEmpty() ? null : one.description(),
            one.made().createdAt(),
            one.made().lastModifiedAt(),
            one.made().createdBy(),
            one.made().lastModifiedBy()));
  }

  private static String type(Role role) {
    return role.builtIn() ? "BuiltInRole" : "CustomRole";
  }

  private static RoleModel model(ArmId subscription, Role role) {
    return new RoleModel(
        roleId(subscription, role.id()),
        role.id(),
        PROVIDER + "roleDefinitions",
        new Described(
            role.name(),
            type(role),
            role.description(),
            List.of("/"),
            List.of(
                new PermissionModel(
                    role.actions(),
                    role.notActions(),
                    role.dataActions(),
                    role.notDataActions()))));
  }
}
