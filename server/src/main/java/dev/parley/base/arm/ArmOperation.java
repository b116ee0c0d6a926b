package dev.parley.base.arm;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Method;
import java.util.List;

/**
 * One operation of the management plane.
 *
 * @param scope template of the id that it is about, e.g. {@code /subscriptions/{subscriptionId}};
 *     empty text for the root
 * @param rest template of what follows the scope in the path: a collection or an action
 * @param name the contract's operation id, e.g. {@code CommunicationServices_ListKeys}
 * @param action the right that it needs at the scope, e.g. {@code
 *     Microsoft.Communication/communicationServices/listKeys/action}; empty text for none beyond a
 *     token
 * @param effect what it does there
 */
public record ArmOperation(
    Method method,
    String scope,
    String rest,
    String name,
    String action,
    Effect effect,
    ApiVersions versions,
    ArmHandler handler) {
  /** Path of a subscription. */
  public static final String SUBSCRIPTION = "/subscriptions/{subscriptionId}";

  /** Path of a resource group. */
  public static final String GROUP = SUBSCRIPTION + "/resourceGroups/{resourceGroupName}";

  /** Every path that rights, locks and other extensions can be put on. */
  public static final List<String> SCOPES =
      List.of(
          SUBSCRIPTION,
          GROUP,
          GROUP + "/providers/{providerNamespace}/{resourceType}/{resourceName}",
          GROUP
              + "/providers/{providerNamespace}/{resourceType}/{resourceName}/{childType}/{childName}",
          GROUP
              + "/providers/{providerNamespace}/{resourceType}/{resourceName}/{childType}/{childName}/{grandchildType}/{grandchildName}");

  /** What an operation does: locks and the activity log go by it. */
  public enum Effect {
    READ,
    WRITE,
    DELETE,
    /** A POST that changes something or shows a secret. */
    ACTION,
    /** A POST that only asks. */
    QUESTION
  }

  /** An operation whose effect follows from the last word of its action. */
  public static ArmOperation of(
      Method method,
      String scope,
      String rest,
      String name,
      String action,
      ApiVersions versions,
      ArmHandler handler) {
    var effect =
        switch (action.substring(action.lastIndexOf('/') + 1)) {
          case "write" -> Effect.WRITE;
          case "delete" -> Effect.DELETE;
          case "action" -> Effect.ACTION;
          default -> Effect.READ;
        };
    return new ArmOperation(method, scope, rest, name, action, effect, versions, handler);
  }

  /** The same as a POST that only asks. */
  public ArmOperation asQuestion() {
    return new ArmOperation(method, scope, rest, name, action, Effect.QUESTION, versions, handler);
  }

  /** Whether it leaves something behind, or shows a secret: the activity log has it. */
  boolean isLogged() {
    return effect != Effect.READ && effect != Effect.QUESTION;
  }
}
