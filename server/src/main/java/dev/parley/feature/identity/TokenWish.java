package dev.parley.feature.identity;

import dev.parley.base.words.Scope;
import java.util.Set;

/** A wish for a token, as the caller wrote it. */
record TokenWish(Set<Scope> scopes, int expiresInMinutes) {
  static final int MINUTES_MIN = 60;
  static final int MINUTES_MAX = 1440;

  TokenWish {
    scopes = Set.copyOf(scopes);
  }
}
