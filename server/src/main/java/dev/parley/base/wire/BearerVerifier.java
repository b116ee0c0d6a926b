package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import java.time.Instant;

/**
 * Proves who holds a bearer token. Identity implements it for user tokens; the operator's token is
 * the edge's own.
 */
@FunctionalInterface
public interface BearerVerifier {
  /**
   * A proven token.
   *
   * @param caller who holds it; its {@link Origin} already names the request
   * @param expires when it ends; open connections are closed then
   */
  record Verified(Caller caller, Instant expires) {}

  /**
   * Verifies against the resource's current keys and the user's current revocation state, as of
   * now.
   *
   * @throws dev.parley.base.words.Refusal 401, explained for the log
   */
  Verified verify(Resource resource, String token, String requestId);

  /**
   * Lets a proven principal call an operation, if its roles do.
   *
   * @throws dev.parley.base.words.Refusal 401 for a token of another audience, 403 without a role
   */
  default void admit(Caller.Principal principal, Resource resource, Route route) {}
}
