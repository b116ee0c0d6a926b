package dev.parley.base.wire;

import dev.parley.base.words.Resource;
import java.util.Optional;

/** Proves tokens of OIDC principals; the directory does. */
@FunctionalInterface
public interface PrincipalProof {
  /**
   * Who holds the token; empty when it is of no issuer known here, so that others may look at it.
   * What the principal may do is not decided here.
   *
   * @throws dev.parley.base.words.Refusal 401 for a token of a known issuer that proves nothing
   */
  Optional<BearerVerifier.Verified> prove(Resource resource, String token, String requestId);
}
