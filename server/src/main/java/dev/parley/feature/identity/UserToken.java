package dev.parley.feature.identity;

import java.time.Instant;

/** An access token on its way to its user; it is shown to nobody else. */
record UserToken(String token, Instant expiresOn) {
  @Override
  public String toString() {
    return "UserToken[expiresOn=" + expiresOn + "]";
  }
}
