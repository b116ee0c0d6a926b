package dev.parley.feature.directory;

import java.time.Instant;

/**
 * A secret of an application, or a user's password.
 *
 * @param hint the first characters, so that people can tell secrets apart; empty for passwords
 * @param hash as {@link SecretHash} writes it; the developer's own is sealed instead
 */
record StoredSecret(String id, String hint, String hash, Instant createdOn, Instant expiresOn) {}
