package dev.parley.feature.sms;

import java.time.Instant;

/**
 * A message that waits to be handed over, as the dispatcher claims it.
 *
 * @param due when it may go; with the priority part of its key
 * @param claimed when somebody took it for handing over, epoch milliseconds; 0 when nobody did. A
 *     claim that is old was cut off: the carrier may have the message or not
 * @param segment the first that no carrier has taken
 * @param tried carriers that could not take it, with commas, since the last pause
 */
record Queued(
    int priority,
    long due,
    String messageId,
    long claimed,
    int segment,
    String tried,
    String recipient,
    String origin,
    String text,
    int segments,
    boolean open,
    Instant deadline) {}
