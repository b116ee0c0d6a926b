package dev.parley.base.wire;

import dev.parley.base.words.Scope;
import java.util.Set;

/**
 * One operation: everything that checks, audit, metrics, logs and limits need to know about it. A
 * server does not start with an incomplete route.
 *
 * @param path template with {@code {name}} for one path segment, as the contract writes it, e.g.
 *     {@code /identities/{id}/:issueAccessToken}
 * @param operation the ACS operation name, e.g. {@code CommunicationIdentity_IssueAccessToken}
 * @param callers who is let in at all
 * @param scopes a {@link Callers#USER} needs one of these
 * @param limitBucket name of the rate limit the operation counts against, e.g. {@code
 *     chat.sendMessage}
 * @param logCategory Azure's diagnostic log category, e.g. {@code ChatOperational}
 * @param bodyBytesMax a larger body gets 413
 * @param ofHouse whether it is about the house and no resource, as the management plane and the
 *     token issuer are: every host name leads there, and the path's words match in any case
 */
public record Route(
    Method method,
    String path,
    String operation,
    Set<Callers> callers,
    Set<Scope> scopes,
    ApiVersions versions,
    String limitBucket,
    String logCategory,
    Idempotency idempotency,
    int bodyBytesMax,
    Handler handler,
    boolean ofHouse) {
  /** What a JSON operation takes at most, bytes. */
  public static final int JSON_BYTES_MAX = 1 << 20;

  /** An operation of a resource. */
  public Route(
      Method method,
      String path,
      String operation,
      Set<Callers> callers,
      Set<Scope> scopes,
      ApiVersions versions,
      String limitBucket,
      String logCategory,
      Idempotency idempotency,
      int bodyBytesMax,
      Handler handler) {
    this(
        method,
        path,
        operation,
        callers,
        scopes,
        versions,
        limitBucket,
        logCategory,
        idempotency,
        bodyBytesMax,
        handler,
        false);
  }

  public Route {
    callers = Set.copyOf(callers);
    scopes = Set.copyOf(scopes);
    require(!path.isEmpty() && path.charAt(0) == '/', "a path", path);
    require(!operation.isBlank(), "an operation name", path);
    require(!callers.isEmpty(), "callers", path);
    require(callers.contains(Callers.USER) == !scopes.isEmpty(), "scopes exactly for users", path);
    require(!limitBucket.isBlank(), "a limit bucket", path);
    require(!logCategory.isBlank(), "a log category", path);
    require(bodyBytesMax >= 0, "a body bound", path);
  }

  private static void require(boolean holds, String what, String path) {
    if (!holds) {
      throw new IllegalArgumentException("Route " + path + " needs " + what + ".");
    }
  }
}
