package dev.parley.base.event;

/** The content of an {@link EmailEvent}. */
public sealed interface EmailDetail extends EventDetail {
  /** Address of the sender. */
  String sender();

  /** Address of the recipient. */
  String recipient();

  /**
   * What became of a recipient.
   *
   * @param internetId the Message-ID, without angle brackets
   * @param host the server that said so, or empty text
   * @param reply that server's words, or empty text
   */
  record DeliveryReport(
      String sender, String recipient, String internetId, String host, String reply)
      implements EmailDetail {}

  /**
   * What a recipient did.
   *
   * @param context the link that was followed, or empty text
   */
  record Engagement(String sender, String recipient, String context, String userAgent)
      implements EmailDetail {}
}
