package dev.parley.feature.sms.carrier;

import dev.parley.protocol.sms.Concatenation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the SMPP server does with what applications submit. Safe on every thread. */
public interface SubmitterDesk {
  /**
   * One submitted message, or a segment of it.
   *
   * @param to E.164 with its plus
   * @param urgent whether it goes before others
   * @param receipt whether the application wants to know the end
   */
  record Submit(
      String from,
      String to,
      String text,
      Optional<Concatenation> place,
      boolean urgent,
      boolean receipt) {}

  /** What became of it. */
  sealed interface Answer {
    /** It is stored; the id is in the receipt. */
    record Taken(String messageId) implements Answer {}

    /** The account may not send as this sender. */
    record BadFrom() implements Answer {}

    record BadTo() implements Answer {}

    record BadText() implements Answer {}
  }

  /** The end of a message that an application has not been told yet. */
  record Due(
      String messageId,
      String from,
      String to,
      DeliveryCode code,
      Instant accepted,
      Instant done) {}

  /** Stores a message; durable on return. */
  Answer submit(SubmitterConfig.Account account, Submit message);

  /** The oldest receipts that wait for the account. */
  List<Due> due(String systemId, int limit);

  /** The application has taken the receipt. */
  void taken(String systemId, Due receipt);
}
