package dev.parley.base.arm;

import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;

/** What the resource manager itself refuses, in its codes and words; for every feature's use. */
public final class ArmProblems {
  private ArmProblems() {}

  /** No role gives the right; the same answer where there is nothing, so that it tells nothing. */
  public static Refusal authorizationFailed(Caller.Principal caller, String action, ArmId scope) {
    return Refusal.of(
            403,
            "AuthorizationFailed",
            "The client '%s' with object id '%s' does not have authorization to perform action '%s' over scope '%s' or the scope is invalid. If access was recently granted, please refresh your credentials."
                .formatted(caller.badge().name(), caller.id(), action, scope))
        .because("no role of " + caller.id() + " allows " + action + " at " + scope);
  }

  public static Refusal noSubscription(String subscription) {
    return Refusal.of(
        404, "SubscriptionNotFound", "The subscription '" + subscription + "' could not be found.");
  }

  public static Refusal noGroup(String group) {
    return Refusal.of(
        404, "ResourceGroupNotFound", "Resource group '" + group + "' could not be found.");
  }

  /** There is no such resource. */
  public static Refusal noResource(ArmId id) {
    return Refusal.of(
        404,
        "ResourceNotFound",
        "The Resource '%s/%s' under resource group '%s' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
            .formatted(id.type(), id.name(), id.group().orElse("<null>")));
  }

  /** There is no such child of a resource that may be there. */
  public static Refusal noParent(ArmId id) {
    return Refusal.of(
        404,
        "ParentResourceNotFound",
        "Failed to perform operation on nested resource: the parent resource '%s' could not be found."
            .formatted(id));
  }

  /** A lock stands in the way. */
  public static Refusal locked(ArmLock lock, ArmOperation.Effect effect, ArmId scope) {
    return Refusal.of(
        409,
        "ScopeLocked",
        "The scope '%s' cannot perform %s operation because following scope(s) are locked: '%s'. Please remove the lock and try again."
            .formatted(
                scope, effect == ArmOperation.Effect.DELETE ? "delete" : "write", lock.scope()));
  }

  static Refusal badTag(String message) {
    return Refusal.of(400, "InvalidTag", message).about("tags");
  }

  /** {@code If-Match} or {@code If-None-Match} does not hold. */
  public static Refusal precondition(String message) {
    return Refusal.of(412, "PreconditionFailed", message);
  }

  /** A member of the body that cannot be. */
  public static Refusal badContent(String target, String message) {
    return Refusal.of(400, "InvalidRequestContent", message).about(target);
  }

  public static Refusal locationRequired() {
    return Refusal.of(
            400, "LocationRequired", "The location property is required for this definition.")
        .about("location");
  }

  public static Refusal badLocation(String given, String type) {
    return Refusal.of(
            400,
            "LocationNotAvailableForResourceType",
            "The provided location '%s' is not available for resource type '%s'. List of available regions for the resource type is 'global'."
                .formatted(given, type))
        .about("location");
  }

  public static Refusal otherLocation(ArmId id) {
    return Refusal.of(
            409,
            "InvalidResourceLocation",
            "The resource '%s' already exists in another location.".formatted(id.name()))
        .about("location");
  }

  static Refusal badPath(String path) {
    return Refusal.of(400, "InvalidResourceId", "The path is not the id of a resource.")
        .because("path " + path);
  }
}
