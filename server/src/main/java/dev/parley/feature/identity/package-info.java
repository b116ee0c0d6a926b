/**
 * Who the users of a resource are, and the access tokens by which they prove it.
 *
 * <p>Operations: all of the Identity contract (create, get, delete, issue, revoke, the three token
 * exchanges and their assignments), in every api-version that a released client sends. Events:
 * {@link dev.parley.base.event.IdentityEvent}. It proves bearer tokens for the whole server as
 * {@link dev.parley.base.wire.BearerVerifier}.
 *
 * <p>Read {@code Identity} first, then {@code UserTokens}. A token is never stored: it is signed
 * with a key derived from the access key that asked for it, and carries the generation of its
 * user's tokens; it lives as long as both are the current ones.
 */
@NullMarked
package dev.parley.feature.identity;

import org.jspecify.annotations.NullMarked;
