package dev.parley.feature.sms.carrier;

import dev.parley.base.words.ResourceId;
import java.time.Instant;

/**
 * One message to hand to a carrier.
 *
 * @param firstSegment segments before this one, counted from 0, were taken already
 * @param expires when nobody wants it any more
 */
public record Submission(
    ResourceId resource,
    String messageId,
    String from,
    String to,
    String text,
    int firstSegment,
    Instant expires) {}
