package dev.parley.base.arm;

import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The management plane for its features: makes routes whose callers have the right at the scope,
 * respects locks, and writes the activity log. Safe on every thread.
 */
public final class Arm {
  private final ArmAuthority authority;
  private final ArmPlaces places;
  private final ArmActivity activity;
  private final ArmStatuses statuses;
  private final List<ArmInventory> inventories = new CopyOnWriteArrayList<>();

  public Arm(ArmAuthority authority, ArmPlaces places, ArmActivity activity, ArmStatuses statuses) {
    this.authority = authority;
    this.places = places;
    this.activity = activity;
    this.statuses = statuses;
  }

  /** Who may what. */
  public ArmAuthority authority() {
    return authority;
  }

  /** What there is. */
  public ArmPlaces places() {
    return places;
  }

  /** Statuses of operations that take their time. */
  public ArmStatuses statuses() {
    return statuses;
  }

  /** A feature keeps tracked resources; said once, when the feature is made. */
  public void keeps(ArmInventory inventory) {
    inventories.add(inventory);
  }

  /** All kinds of tracked resources. */
  public List<ArmInventory> inventories() {
    return List.copyOf(inventories);
  }

  /**
   * The route of an operation: reached under every host name, its words in any case, open to
   * principals and the operator.
   */
  public Route route(ArmOperation operation) {
    return new Route(
        operation.method(),
        operation.scope() + operation.rest(),
        operation.name(),
        Set.of(Callers.PRINCIPAL, Callers.OPERATOR),
        Set.of(),
        operation.versions(),
        "manage." + operation.effect().name().toLowerCase(java.util.Locale.ROOT),
        "Administrative",
        operation.method() == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        request -> handle(operation, request),
        true);
  }

  private Response handle(ArmOperation operation, Request request) {
    if (!(request.caller() instanceof Caller.Principal caller)) {
      throw new IllegalStateException("Only principals reach " + operation.name());
    }
    var call = new ArmCall(request, caller, id(operation, request));
    try {
      check(operation, call);
      var response = operation.handler().handle(call);
      log(operation, call, response.status(), "");
      return response.header("x-ms-correlation-request-id", request.id());
    } catch (Refusal refusal) {
      log(operation, call, refusal.status(), refusal.code());
      throw refusal.header("x-ms-correlation-request-id", request.id());
    }
  }

  /** Rights first: who has none learns nothing, not even what there is. */
  private void check(ArmOperation operation, ArmCall call) {
    var id = call.id();
    if (!operation.action().isEmpty() && !authority.may(call.caller(), operation.action(), id)) {
      throw ArmProblems.authorizationFailed(call.caller(), operation.action(), id);
    }
    if (!id.segments().isEmpty() && !places.hasSubscription(id.subscription())) {
      throw ArmProblems.noSubscription(id.subscription());
    }
    var group = id.groupId();
    if (group.isPresent() && !group.get().equals(id) && !places.hasGroup(group.get())) {
      throw ArmProblems.noGroup(group.get().name());
    }
    if (operation.isLogged()) {
      checkLocks(operation, id);
    }
  }

  private void checkLocks(ArmOperation operation, ArmId id) {
    // Locks do not lock themselves: whoever may put and delete them can always do so.
    if (operation.action().startsWith("Microsoft.Authorization/locks/")) {
      return;
    }
    var delete = operation.effect() == ArmOperation.Effect.DELETE;
    var lock = delete ? locksOnDelete(operation, id) : places.lock(id).filter(ArmLock::readOnly);
    if (lock.isPresent()) {
      throw ArmProblems.locked(lock.get(), operation.effect(), id);
    }
  }

  /** What hangs on a scope can go while something below the scope is locked. */
  private Optional<ArmLock> locksOnDelete(ArmOperation operation, ArmId id) {
    return operation.rest().isEmpty() ? places.lockOnDelete(id) : places.lock(id);
  }

  private void log(ArmOperation operation, ArmCall call, int status, String code) {
    if (operation.isLogged()) {
      activity.record(
          new ArmActivity.Entry(
              call.caller(),
              call.id(),
              operation.action(),
              operation.name(),
              status,
              code,
              call.request().id()));
    }
  }

  private static ArmId id(ArmOperation operation, Request request) {
    if (operation.scope().isEmpty()) {
      return ArmId.ROOT;
    }
    var segments = new ArrayList<String>();
    for (var segment : operation.scope().substring(1).split("/", -1)) {
      segments.add(
          segment.startsWith("{")
              ? request.path(segment.substring(1, segment.length() - 1))
              : segment);
    }
    return ArmId.ofSegments(segments)
        .orElseThrow(() -> ArmProblems.badPath(String.join("/", segments)));
  }
}
