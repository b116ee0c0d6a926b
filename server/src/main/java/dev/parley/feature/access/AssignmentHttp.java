package dev.parley.feature.access;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.OperatorRoutes;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Routes by which the operator gives roles without a token, the first ones above all. */
final class AssignmentHttp {
  private record NewAssignment(
      @Nullable String principal, @Nullable String role, @Nullable String scope) {}

  private record AssignmentModel(String id, String scope, String role, String principalId) {}

  private record AssignmentList(List<AssignmentModel> value) {}

  private record RoleModel(String id, String name, String description) {}

  private record RoleList(List<RoleModel> value) {}

  private static final String ACTION = "Microsoft.Authorization/roleAssignments/";

  private final Access access;
  private final OperatorLog log;

  AssignmentHttp(Access access, OperatorLog log) {
    this.access = access;
    this.log = log;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "/parley/roles", "Parley_ListRoles", this::roles),
        route(Method.GET, "/parley/assignments", "Parley_ListAssignments", this::list),
        route(Method.POST, "/parley/assignments", "Parley_Assign", this::assign),
        route(Method.DELETE, "/parley/assignments/{id}", "Parley_Unassign", this::unassign));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return OperatorRoutes.route(method, path, operation, "parley.roles", handler);
  }

  private Response roles(Request request) {
    var all = access.roles();
    return OperatorRoutes.wantsText(request)
        ? Response.text(
            200,
            all.stream()
                .map(role -> role.name() + "\t" + role.description())
                .collect(Collectors.joining("\n", "", "\n")))
        : Response.json(
            200,
            new RoleList(
                all.stream()
                    .map(role -> new RoleModel(role.id(), role.name(), role.description()))
                    .toList()));
  }

  private Response list(Request request) {
    var all = access.assignments().stream().map(this::model).toList();
    return OperatorRoutes.wantsText(request)
        ? Response.text(
            200,
            all.stream()
                .map(one -> String.join("\t", one.id(), one.principalId(), one.role(), one.scope()))
                .collect(Collectors.joining("\n", "", "\n")))
        : Response.json(200, new AssignmentList(all));
  }

  private Response assign(Request request) {
    var body = request.json(NewAssignment.class);
    var scope =
        ArmId.parse(body.scope() == null ? "/" : body.scope())
            .orElseThrow(AccessProblems::badScope);
    return log.logged(
        request,
        scope,
        ACTION + "write",
        () -> {
          var made =
              access.assign(
                  UUID.randomUUID().toString(),
                  scope,
                  body.role() == null ? "" : body.role(),
                  body.principal() == null ? "" : body.principal(),
                  "",
                  caller(request));
          var model = model(made.assignment());
          return OperatorRoutes.wantsText(request)
              ? Response.text(201, model.id() + "\n")
              : Response.json(201, model);
        });
  }

  private Response unassign(Request request) {
    var id = request.path("id");
    var there =
        access.assignments().stream()
            .filter(one -> one.id().equalsIgnoreCase(id))
            .findFirst()
            .orElseThrow(() -> AccessProblems.notFound(id));
    return log.logged(
        request,
        there.scope(),
        ACTION + "delete",
        () -> {
          access.unassign(there.scope(), there.id(), caller(request));
          return Response.empty(204);
        });
  }

  private static Caller.Principal caller(Request request) {
    if (request.caller() instanceof Caller.Principal principal) {
      return principal;
    }
    throw new IllegalStateException("Only operators come here.");
  }

  private AssignmentModel model(Assignment one) {
    return new AssignmentModel(
        one.id(), one.scope().toString(), access.role(one.roleId()).name(), one.principalId());
  }
}
