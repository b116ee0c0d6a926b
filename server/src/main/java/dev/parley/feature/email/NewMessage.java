package dev.parley.feature.email;

import java.util.List;
import java.util.Optional;

/**
 * A written message that is to be accepted.
 *
 * @param recipients addresses of the envelope, each once
 * @param raw the message with CRLF
 * @param tracked whether openings and clicks are followed
 */
record NewMessage(
    MessageKey key,
    String bodyHash,
    String sender,
    SenderDomain domain,
    String internetId,
    List<String> recipients,
    byte[] raw,
    boolean tracked) {
  /** Where the bytes lie when they are too many for a row. */
  Optional<String> blob() {
    return raw.length > EmailStore.ROW_BYTES_MAX
        ? Optional.of(EmailStore.blob(key, bodyHash))
        : Optional.empty();
  }
}
