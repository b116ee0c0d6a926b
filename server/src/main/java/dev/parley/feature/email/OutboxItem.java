package dev.parley.feature.email;

import java.time.Instant;
import java.util.Optional;

/**
 * One message for one recipient, claimed by a deliverer.
 *
 * @param number which recipient of the message, from 0
 * @param attempts made before this one
 * @param tracked whether openings and clicks are followed
 * @param blob where its bytes lie outside of the store
 * @param raw the message as it was accepted, with CRLF
 */
public record OutboxItem(
    MessageKey key,
    int number,
    String sender,
    SenderDomain domain,
    String recipient,
    String destination,
    int attempts,
    boolean tracked,
    Instant accepted,
    Optional<String> blob,
    byte[] raw) {}
