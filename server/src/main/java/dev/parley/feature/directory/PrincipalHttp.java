package dev.parley.feature.directory;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.OperatorRoutes;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Routes of the operator's operations on principals. {@code Accept: text/plain} gets lines for a
 * shell.
 */
final class PrincipalHttp {
  private record NewPrincipal(
      @Nullable String kind,
      @Nullable String name,
      @Nullable String password,
      @Nullable List<String> redirects,
      @Nullable Boolean publicClient) {}

  private record NewPassword(@Nullable String password) {}

  private record SecretModel(String id, String hint, Instant createdOn, Instant expiresOn) {}

  private record PrincipalModel(
      String id,
      String kind,
      @Nullable String clientId,
      String name,
      boolean enabled,
      List<String> redirects,
      Instant createdOn,
      List<SecretModel> secrets) {}

  private record CreatedModel(
      String id,
      String tenantId,
      @Nullable String clientId,
      String name,
      @Nullable String secretId,
      @Nullable String secret) {}

  private record PrincipalList(List<PrincipalModel> value) {}

  private static final String ACTION = "Parley.Directory/principals/";

  private final Directory directory;
  private final OperatorLog log;

  PrincipalHttp(Directory directory, OperatorLog log) {
    this.directory = directory;
    this.log = log;
  }

  /** Everything but reading is in the activity log; what is secret is not. */
  private Handler logged(String right, Handler handler) {
    return request ->
        log.logged(request, ArmId.ROOT, ACTION + right, () -> (Response) handler.handle(request));
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, "", "Parley_ListPrincipals", this::list),
        route(Method.POST, "", "Parley_CreatePrincipal", logged("write", this::create)),
        route(Method.GET, "/{name}", "Parley_GetPrincipal", this::get),
        route(Method.DELETE, "/{name}", "Parley_DeletePrincipal", logged("delete", this::delete)),
        route(
            Method.POST,
            "/{name}/:secret",
            "Parley_AddSecret",
            logged("addSecret/action", this::addSecret)),
        route(
            Method.DELETE,
            "/{name}/secrets/{secretId}",
            "Parley_RemoveSecret",
            logged("removeSecret/action", this::removeSecret)),
        route(
            Method.POST,
            "/{name}/:password",
            "Parley_SetPassword",
            logged("setPassword/action", this::setPassword)),
        route(
            Method.POST,
            "/{name}/:enable",
            "Parley_EnablePrincipal",
            logged("enable/action", this::enable)),
        route(
            Method.POST,
            "/{name}/:disable",
            "Parley_DisablePrincipal",
            logged("disable/action", this::disable)));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return OperatorRoutes.route(
        method, "/parley/principals" + path, operation, "parley.principals", handler);
  }

  private Response list(Request request) {
    var all = directory.list();
    if (OperatorRoutes.wantsText(request)) {
      return Response.text(
          200,
          all.stream()
              .map(one ->
                  String.join(
                      "\t",
                      one.kind().name().toLowerCase(java.util.Locale.ROOT),
                      one.name(),
                      one.id(),
                      one.isApplication() ? one.clientId() : "-",
                      one.enabled() ? "enabled" : "disabled"))
              .collect(Collectors.joining("\n", "", "\n")));
    }
    return Response.json(200, new PrincipalList(all.stream().map(this::model).toList()));
  }

  private Response create(Request request) {
    var body = request.json(NewPrincipal.class);
    var name = body.name() == null ? "" : body.name();
    var origin = request.caller().origin();
    var created =
        switch (body.kind()) {
          case "application" ->
              directory.createApplication(
                  name,
                  body.redirects() == null ? List.of() : body.redirects(),
                  Boolean.TRUE.equals(body.publicClient()),
                  origin);
          case "user" ->
              directory.createUser(name, body.password() == null ? "" : body.password(), origin);
          case null, default -> throw DirectoryProblems.badKind();
        };
    return answer(request, 201, created);
  }

  private Response get(Request request) {
    return Response.json(200, model(directory.get(request.path("name"))));
  }

  private Response delete(Request request) {
    directory.delete(request.path("name"), request.caller().origin());
    return Response.empty(204);
  }

  private Response addSecret(Request request) {
    return answer(
        request, 201, directory.addSecret(request.path("name"), request.caller().origin()));
  }

  private Response removeSecret(Request request) {
    directory.removeSecret(
        request.path("name"), request.path("secretId"), request.caller().origin());
    return Response.empty(204);
  }

  private Response setPassword(Request request) {
    var password = request.json(NewPassword.class).password();
    return answer(
        request,
        200,
        directory.setPassword(
            request.path("name"), password == null ? "" : password, request.caller().origin()));
  }

  private Response enable(Request request) {
    directory.enable(request.path("name"), true, request.caller().origin());
    return Response.empty(204);
  }

  private Response disable(Request request) {
    directory.enable(request.path("name"), false, request.caller().origin());
    return Response.empty(204);
  }

  private PrincipalModel model(StoredPrincipal principal) {
    return new PrincipalModel(
        principal.id(),
        principal.isApplication() ? "application" : "user",
        principal.isApplication() ? principal.clientId() : null,
        principal.name(),
        principal.enabled(),
        principal.redirects(),
        principal.createdOn(),
        directory.secrets(principal.id()).stream()
            .map(one -> new SecretModel(one.id(), one.hint(), one.createdOn(), one.expiresOn()))
            .toList());
  }

  private Response answer(Request request, int status, Directory.Created made) {
    if (!OperatorRoutes.wantsText(request)) {
      return Response.json(
          status,
          new CreatedModel(
              made.id(),
              directory.tenant(),
              presentOrNull(made.clientId()),
              made.name(),
              presentOrNull(made.secretId()),
              presentOrNull(made.secret())));
    }
    var lines = new StringBuilder("PRINCIPAL_ID=" + made.id() + "\n");
    lines.append("AZURE_TENANT_ID=").append(directory.tenant()).append('\n');
    if (made.clientId().isEmpty()) {
      lines.append("USERNAME=").append(made.name()).append('\n');
      lines.append("PASSWORD=").append(made.secret()).append('\n');
    } else {
      lines.append("AZURE_CLIENT_ID=").append(made.clientId()).append('\n');
      if (!made.secret().isEmpty()) {
        lines.append("AZURE_CLIENT_SECRET=").append(made.secret()).append('\n');
      }
    }
    return Response.text(status, lines.toString());
  }

  private static @Nullable String presentOrNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
