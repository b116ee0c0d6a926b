package dev.parley.feature.events;

import java.time.Instant;

/**
 * An event that was given up.
 *
 * @param reason as the Event Grid writes it, {@code MaxDeliveryAttemptsExceeded} for instance
 * @param retry the history of its delivery
 */
record DeadLetter(GridEvent event, Retry retry, String reason, Instant at) {
  static final String ATTEMPTS = "MaxDeliveryAttemptsExceeded";
  static final String EXPIRED = "TimeToLiveExceeded";

  /** What the index of dead letters knows, so that content can be erased from the file. */
  record Entry(
      String eventId,
      String threadId,
      String userId,
      String messageId,
      String reason,
      Instant at,
      String file) {}

  Entry entry(String file) {
    var data = event.data();
    var sender = data.path("senderCommunicationIdentifier").path("rawId").asText("");
    return new Entry(
        event.id(),
        data.path("threadId").asText(""),
        sender,
        data.path("messageId").asText(""),
        reason,
        at,
        file);
  }
}
