package dev.parley.base.wire;

/** Which kind of caller a route lets in. */
public enum Callers {
  /** HMAC with an access key. */
  KEY_HOLDER,
  /** A user access token with one of the route's scopes. */
  USER,
  /** An OIDC principal with a data-plane role. */
  PRINCIPAL,
  /** The operator's token; for {@code /parley/*} together with {@link #KEY_HOLDER}. */
  OPERATOR,
  /** Anybody. */
  ANONYMOUS
}
