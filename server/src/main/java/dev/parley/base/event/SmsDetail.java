package dev.parley.base.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The content of an {@link SmsEvent}; one record for each kind of event, with the same name. */
public sealed interface SmsDetail extends EventDetail {
  String messageId();

  /** Numbers are E.164 with the plus; {@code to} is ours. */
  record Received(String messageId, String from, String to, String message, Instant receivedOn)
      implements SmsDetail {}

  /**
   * The end of one message.
   *
   * @param deliveryStatusDetails the service's code and words
   * @param attemptedOn when the segments were tried
   * @param tag null when the sender gave none
   */
  record DeliveryReportReceived(
      String messageId,
      String from,
      String to,
      boolean delivered,
      String deliveryStatusDetails,
      Instant attemptedOn,
      int segmentsSucceeded,
      int segmentsFailed,
      Instant receivedOn,
      @Nullable String tag)
      implements SmsDetail {}
}
