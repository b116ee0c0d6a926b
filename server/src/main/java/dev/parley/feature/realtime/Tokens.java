package dev.parley.feature.realtime;

import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Request;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.Scope;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;

/**
 * Proves the access token that Trouter clients send, in {@code X-Skypetoken} and never in {@code
 * Authorization}.
 */
final class Tokens {
  /** Who may hear of chat. */
  static final Set<Scope> SCOPES = Set.of(Scope.CHAT, Scope.CHAT_JOIN, Scope.CHAT_JOIN_LIMITED);

  private final BearerVerifier bearers;
  private final ResourceDirectory resources;

  Tokens(BearerVerifier bearers, ResourceDirectory resources) {
    this.bearers = bearers;
    this.resources = resources;
  }

  /** A user whose token holds now. */
  record Proven(Caller.User user, Instant expires, String token) {}

  /**
   * The user behind a request.
   *
   * @throws dev.parley.base.words.Refusal 401 without a good token, 403 without a scope of chat
   */
  Proven prove(Request request) {
    var token = request.header("X-Skypetoken").orElseThrow(RealtimeProblems::noToken);
    return prove(request.resource(), token, request.id());
  }

  Proven prove(Resource resource, String token, String requestId) {
    var verified = bearers.verify(resource, token, requestId);
    if (!(verified.caller() instanceof Caller.User user)) {
      throw RealtimeProblems.notAllowed("the token is no user's");
    }
    if (Collections.disjoint(user.scopes(), SCOPES)) {
      throw RealtimeProblems.notAllowed("the token has only " + user.scopes());
    }
    return new Proven(user, verified.expires(), token);
  }

  /** Whether the token still holds, now that the connection would be found by a revocation. */
  boolean holds(Proven proven, String requestId) {
    try {
      var resource =
          resources.byId(proven.user().resource()).orElseThrow(RealtimeProblems::resourceGone);
      prove(resource, proven.token(), requestId);
      return true;
    } catch (Refusal _) {
      return false;
    }
  }
}
