package dev.parley.feature.email;

import java.util.Optional;

/**
 * A send operation.
 *
 * @param error why nothing went out, for a failed one
 */
record SendOperation(MessageKey key, SendStatus status, String bodyHash, Optional<Failure> error) {
  /** Code and words of the service. */
  record Failure(String code, String message) {}
}
