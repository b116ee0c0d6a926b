package dev.parley.feature.sms;

import java.util.Optional;

/**
 * What became of one recipient of a request.
 *
 * @param repeatability {@code accepted} or {@code rejected}, for repeatable ones
 */
record SendResult(
    String to,
    Optional<String> messageId,
    int status,
    Optional<String> repeatability,
    Optional<String> error) {
  static SendResult accepted(String to, String messageId, boolean repeatable) {
    return new SendResult(
        to,
        Optional.of(messageId),
        202,
        repeatable ? Optional.of("accepted") : Optional.empty(),
        Optional.empty());
  }

  boolean successful() {
    return status == 202;
  }
}
