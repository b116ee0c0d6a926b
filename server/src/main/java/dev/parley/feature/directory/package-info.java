/**
 * The house's own directory: applications and people, their secrets, and the tokens that they get
 * from the built-in issuer (OpenID Connect discovery, client credentials, authorization code with
 * PKCE). It also proves the tokens of outside issuers that are configured.
 *
 * <p>Secrets and passwords are kept as Argon2id hashes. Publishes {@link
 * dev.parley.base.event.AdminEvent.PrincipalChanged}. Read {@link
 * dev.parley.feature.directory.Directory} first, then {@code OidcHttp}.
 */
@NullMarked
package dev.parley.feature.directory;

import org.jspecify.annotations.NullMarked;
