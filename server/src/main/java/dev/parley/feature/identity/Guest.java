package dev.parley.feature.identity;

import java.time.Instant;

/**
 * A fresh user with an access token, for pages that act as somebody by themselves.
 *
 * @param rawId id of the user, {@code 8:acs:…}
 */
public record Guest(String rawId, String token, Instant expiresOn) {
  @Override
  public String toString() {
    return "Guest[rawId=" + rawId + ", expiresOn=" + expiresOn + "]";
  }
}
