package dev.parley.feature.email.mailbox;

import java.time.Instant;

/**
 * A mail in the mailbox, without its bytes.
 *
 * @param number rises with time
 * @param messageId the send operation
 */
record CapturedMail(
    long number,
    String messageId,
    int recipientNumber,
    String recipient,
    String sender,
    String subject,
    String outcome,
    Instant received) {}
