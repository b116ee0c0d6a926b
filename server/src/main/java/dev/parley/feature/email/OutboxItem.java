package dev.parley.feature.email;

import dev.parley.base.kit.ByteSource;
import java.time.Instant;
import java.util.Optional;

/**
 * One message for one recipient, claimed by a deliverer.
 *
 * @param number which recipient of the message, from 0
 * @param attempts made before this one
 * @param untried whether no attempt has ended before this one; one that its process took along when
 *     it died has not
 * @param tracked whether openings and clicks are followed
 * @param blob where its bytes lie outside of the store
 * @param content the message as it was accepted, with CRLF; one that lies outside of the store is
 *     read when it is asked for
 */
public record OutboxItem(
    MessageKey key,
    int number,
    String sender,
    SenderDomain domain,
    String recipient,
    String destination,
    int attempts,
    boolean untried,
    boolean tracked,
    Instant accepted,
    Optional<String> blob,
    ByteSource content) {}
