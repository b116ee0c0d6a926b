package dev.parley.feature.sms;

import dev.parley.feature.sms.carrier.DeliveryCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a message ended.
 *
 * @param receivedAt when we learned it
 * @param tag null when the sender gave none
 */
public record DeliveryReport(
    String messageId,
    String from,
    String to,
    DeliveryCode code,
    Instant receivedAt,
    int segmentsSucceeded,
    int segmentsFailed,
    @Nullable String tag) {}
