package dev.parley.base.event;

/**
 * What happened to short messages. {@code sender} is the number or name of ours that the partition
 * belongs to; the other party's number is in the rows of the feature.
 */
public sealed interface SmsEvent extends Event {
  String sender();

  String messageId();

  /** A handset wrote to one of our numbers. */
  record Received(String sender, String messageId) implements SmsEvent {}

  /**
   * A message that was sent with a wish for a report has come to its end, or to another end than
   * reported before: a receipt may come later than the time-out.
   */
  record DeliveryReportReceived(String sender, String messageId, boolean delivered)
      implements SmsEvent {}
}
