package dev.parley.base.wire;

import java.util.Set;

/**
 * What the operator's operations under {@code /parley/} have in common: JSON for programs, and with
 * {@code Accept: text/plain} lines for a shell.
 */
public final class OperatorRoutes {
  private OperatorRoutes() {}

  /** An operation for the operator, and for principals that own everything. */
  public static Route route(
      Method method, String path, String operation, String bucket, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.OPERATOR),
        Set.of(),
        ApiVersions.NONE,
        bucket,
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  /** Whether a shell asks. */
  public static boolean wantsText(Request request) {
    return request.header("accept").orElse("").startsWith("text/plain");
  }
}
