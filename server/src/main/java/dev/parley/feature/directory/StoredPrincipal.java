package dev.parley.feature.directory;

import java.time.Instant;
import java.util.List;

/**
 * Someone the directory knows.
 *
 * @param id object id, a GUID
 * @param clientId what an application calls itself; a user's is never used
 * @param name of the application, or what a user logs in with
 * @param redirects where a browser may be sent back to with a code; an application with some and no
 *     secret is a public client
 * @param generation rises when all tokens so far are to end
 */
record StoredPrincipal(
    String id,
    Kind kind,
    String clientId,
    String name,
    boolean enabled,
    List<String> redirects,
    Instant createdOn,
    long generation) {
  /** An application with client credentials, or a person. */
  enum Kind {
    APPLICATION,
    USER
  }

  StoredPrincipal {
    redirects = List.copyOf(redirects);
  }

  /** The same without its tokens, let in or kept out. */
  StoredPrincipal withoutTokens(boolean enabled) {
    return new StoredPrincipal(
        id, kind, clientId, name, enabled, redirects, createdOn, generation + 1);
  }

  boolean isApplication() {
    return kind == Kind.APPLICATION;
  }
}
