package dev.parley.feature.identity;

import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.identity.IdentityHttp.ResultModel;
import dev.parley.feature.identity.IdentityHttp.TokenModel;
import dev.parley.feature.identity.IdentityHttp.UserModel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes of the token exchanges and their assignments. */
final class ExchangeHttp {
  private static final String ASSIGNMENT =
      "/access/teamsExtension/tenants/{tenantId}/assignments/{objectId}";
  private static final int CLIENTS_MAX = 100;
  private static final String BEARER = "bearer ";
  // The last spelling is that of the documentation page of 2025-09.
  private static final Set<String> PRINCIPAL_TYPES =
      Set.of("user", "resourceAccount", "teamsResourceAccount");

  private record TeamsUserRequest(
      @Nullable String token, @Nullable String appId, @Nullable String userId) {}

  private record AssignmentRequest(
      @Nullable String principalType, @Nullable List<@Nullable String> clientIds) {}

  private record AssignmentModel(
      String objectId, String tenantId, String principalType, @Nullable List<String> clientIds) {
    static AssignmentModel of(Assignment assignment) {
      return new AssignmentModel(
          assignment.id().objectId(),
          assignment.id().tenantId(),
          assignment.principalType(),
          assignment.clientIds().isEmpty() ? null : assignment.clientIds());
    }
  }

  private final Identity identity;

  ExchangeHttp(Identity identity) {
    this.identity = identity;
  }

  List<Route> routes() {
    return List.of(
        IdentityHttp.route(
            Method.POST,
            "/teamsUser/:exchangeAccessToken",
            "CommunicationIdentity_ExchangeTeamsUserAccessToken",
            "identity.exchange",
            this::exchangeTeamsUser),
        exchangeRoute(
            "/access/entra/:exchangeAccessToken", "Entra_ExchangeToken", this::exchangeEntra),
        exchangeRoute(
            "/access/teamsExtension/:exchangeAccessToken",
            "TeamsExtension_ExchangeToken",
            this::exchangeTeamsExtension),
        assignmentRoute(Method.GET, "TeamsExtension_GetAssignment", this::getAssignment),
        assignmentRoute(Method.PUT, "TeamsExtension_UpsertAssignment", this::putAssignment),
        assignmentRoute(Method.DELETE, "TeamsExtension_DeleteAssignment", this::deleteAssignment));
  }

  /** The bearer is an outside issuer's, which the edge cannot prove; the operation does. */
  private static Route exchangeRoute(String path, String operation, Handler handler) {
    var callers = Set.of(Callers.ANONYMOUS);
    return IdentityHttp.route(Method.POST, path, operation, callers, "identity.exchange", handler);
  }

  private static Route assignmentRoute(Method method, String operation, Handler handler) {
    return IdentityHttp.route(method, ASSIGNMENT, operation, "identity.assignment", handler);
  }

  private Response exchangeTeamsUser(Request request) {
    var body = request.json(TeamsUserRequest.class);
    var clientId = guid(required(body.appId(), "AppId"), "AppId", "appId");
    var userId = guid(required(body.userId(), "UserId"), "UserId", "userId");
    var token = body.token() == null ? "" : body.token();
    return Response.json(
        200, TokenModel.of(identity.exchangeTeamsUser(request.caller(), token, clientId, userId)));
  }

  private Response exchangeEntra(Request request) {
    return answer(identity.exchangeEntra(request.caller(), bearer(request)));
  }

  private Response exchangeTeamsExtension(Request request) {
    return answer(identity.exchangeTeamsExtension(request.caller(), bearer(request)));
  }

  private Response getAssignment(Request request) {
    return Response.json(
        200, AssignmentModel.of(identity.assignment(request.caller(), assignmentId(request))));
  }

  private Response putAssignment(Request request) {
    var id = assignmentId(request);
    var body = request.json(AssignmentRequest.class);
    var type = required(body.principalType(), "PrincipalType");
    if (!PRINCIPAL_TYPES.contains(type)) {
      throw IdentityProblems.principalType();
    }
    var assignment = new Assignment(id, type, clientIds(body.clientIds()));
    var isNew = identity.assign(request.caller(), assignment);
    return Response.json(isNew ? 201 : 200, AssignmentModel.of(assignment));
  }

  private Response deleteAssignment(Request request) {
    identity.unassign(request.caller(), assignmentId(request));
    return Response.empty(204);
  }

  private static Response answer(ExchangedToken exchanged) {
    return Response.json(
        200,
        new ResultModel(UserModel.of(exchanged.user()), TokenModel.of(exchanged.token()), null));
  }

  private static String required(@Nullable String value, String member) {
    if (value == null || value.isEmpty()) {
      throw IdentityProblems.required(member);
    }
    return value;
  }

  private static String guid(String value, String member, String target) {
    var guid = value.toLowerCase(Locale.ROOT);
    if (!UserIds.isGuid(guid)) {
      throw IdentityProblems.format(member, target);
    }
    return guid;
  }

  private static Assignment.Id assignmentId(Request request) {
    return new Assignment.Id(
        guid(request.path("tenantId"), "TenantId", "tenantId"),
        guid(request.path("objectId"), "ObjectId", "objectId"));
  }

  private static List<String> clientIds(@Nullable List<@Nullable String> given) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > CLIENTS_MAX) {
      throw IdentityProblems.tooManyClients(CLIENTS_MAX);
    }
    return given.stream()
        .map(id -> guid(id == null ? "" : id, "ClientIds", "clientIds"))
        .distinct()
        .toList();
  }

  private static String bearer(Request request) {
    var header = request.header("authorization").orElse("");
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw IdentityProblems.invalidAccessToken("no bearer token in the request");
    }
    return header.substring(BEARER.length()).strip();
  }
}
