package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmCall;
import dev.parley.base.arm.ArmHandler;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmList;
import dev.parley.base.arm.ArmOperation;
import dev.parley.base.arm.ArmProblems;
import dev.parley.base.arm.SystemData;
import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.manage.PlaceModels.LockBody;
import dev.parley.feature.manage.PlaceModels.LockModel;
import dev.parley.feature.manage.PlaceModels.LockProperties;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Routes of {@code Microsoft.Authorization/locks}, at every scope. */
final class LockHttp {
  /** The oldest; every later date is served like it. */
  private static final ApiVersions VERSIONS = ApiVersions.of("2015-01-01");

  private static final String LOCKS = "/providers/Microsoft.Authorization/locks";
  private static final Pattern NAME = Pattern.compile("[^<>%&:?/\\p{Cntrl}]{1,260}");
  private static final int NOTES_MAX = 512;

  private final Places places;
  private final Arm arm;
  private final InstantSource clock;

  LockHttp(Places places, Arm arm, InstantSource clock) {
    this.places = places;
    this.arm = arm;
    this.clock = clock;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var scope : ArmOperation.SCOPES) {
      routes.add(route(Method.GET, scope, LOCKS, "ManagementLocks_List", "read", this::list));
      routes.add(
          route(
              Method.GET, scope, LOCKS + "/{lockName}", "ManagementLocks_Get", "read", this::get));
      routes.add(
          route(
              Method.PUT,
              scope,
              LOCKS + "/{lockName}",
              "ManagementLocks_CreateOrUpdate",
              "write",
              this::put));
      routes.add(
          route(
              Method.DELETE,
              scope,
              LOCKS + "/{lockName}",
              "ManagementLocks_Delete",
              "delete",
              this::delete));
    }
    return routes;
  }

  private Route route(
      Method method, String scope, String rest, String name, String right, ArmHandler handler) {
    return arm.route(
        ArmOperation.of(
            method,
            scope,
            rest,
            name,
            "Microsoft.Authorization/locks/" + right,
            VERSIONS,
            handler));
  }

  private Response list(ArmCall call) {
    var atScope = call.request().query("$filter").orElse("").replace(" ", "").equals("atScope()");
    var found =
        places.locks().stream()
            .filter(lock ->
                call.id().within(lock.scope()) || (!atScope && lock.scope().within(call.id())))
            .map(LockHttp::model)
            .toList();
    return Response.json(200, ArmList.page(call, found));
  }

  private Response get(ArmCall call) {
    var name = call.path("lockName");
    return Response.json(
        200,
        places.lock(id(call)).map(LockHttp::model).orElseThrow(() -> ManageProblems.noLock(name)));
  }

  private Response put(ArmCall call) {
    var properties = call.json(LockBody.class).properties();
    var name = call.path("lockName");
    if (!NAME.matcher(name).matches()) {
      throw ManageProblems.badLockName();
    }
    var given = properties == null || properties.level() == null ? "" : properties.level();
    var level =
        switch (given.toLowerCase(Locale.ROOT)) {
          case "cannotdelete" -> "CanNotDelete";
          case "readonly" -> "ReadOnly";
          default -> throw ManageProblems.badLock();
        };
    var notes = properties == null || properties.notes() == null ? "" : properties.notes();
    if (notes.length() > NOTES_MAX) {
      throw ArmProblems.badContent(
          "properties.notes", "Notes have at most " + NOTES_MAX + " characters.");
    }
    checkThere(call.id());
    var made =
        places
            .lock(id(call))
            .map(lock -> lock.made().changed(call.caller(), clock.instant()))
            .orElseGet(() -> SystemData.made(call.caller(), clock.instant()));
    var lock = new Places.Lock(call.id(), name, level, notes, made);
    var isNew = places.putLock(lock, call.origin());
    return Response.json(isNew ? 201 : 200, model(lock));
  }

  private void checkThere(ArmId scope) {
    if (scope.isResource()) {
      var known =
          arm.inventories().stream()
              .filter(one -> one.type().equalsIgnoreCase(scope.type()))
              .findFirst();
      if (known.isPresent()
          && known.get().list(scope.subscription()).stream()
              .noneMatch(one -> one.id().equals(scope))) {
        throw ArmProblems.noResource(scope);
      }
    } else if (scope.group().isPresent() && places.group(scope).isEmpty()) {
      throw ArmProblems.noGroup(scope.name());
    }
  }

  private Response delete(ArmCall call) {
    return Response.empty(places.deleteLock(id(call), call.origin()) ? 200 : 204);
  }

  private static ArmId id(ArmCall call) {
    return call.id().provider("Microsoft.Authorization", "locks", call.path("lockName"));
  }

  private static LockModel model(Places.Lock lock) {
    return new LockModel(
        lock.id().toString(),
        lock.name(),
        "Microsoft.Authorization/locks",
        lock.made(),
        new LockProperties(lock.level(), lock.notes().isEmpty() ? null : lock.notes()));
  }
}
