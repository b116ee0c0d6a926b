package dev.parley.feature.identity;

import java.util.Optional;

/**
 * A wish for a user.
 *
 * @param externalId the application's own name for the user; unique within the resource
 * @param token without scopes when no token is wanted
 */
record NewUser(Optional<String> externalId, TokenWish token) {
  /** Longest external id (contract 2025-03-02-preview). */
  static final int EXTERNAL_ID_CHARS_MAX = 256;
}
