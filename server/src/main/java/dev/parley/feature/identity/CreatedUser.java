package dev.parley.feature.identity;

import java.util.Optional;

/**
 * The answer to a {@link NewUser}.
 *
 * @param created false when the external id already had a user
 */
record CreatedUser(StoredUser user, boolean created, Optional<UserToken> token) {
  CreatedUser with(UserToken issued, StoredUser as) {
    return new CreatedUser(as, created, Optional.of(issued));
  }
}
