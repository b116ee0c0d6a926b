package dev.parley.feature.email;

import java.time.Instant;

/**
 * One message for one recipient, claimed by a deliverer.
 *
 * @param number which recipient of the message, from 0
 * @param attempts made before this one
 * @param tracked whether openings and clicks are followed
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
    byte[] raw) {}
