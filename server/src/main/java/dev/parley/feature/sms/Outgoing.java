package dev.parley.feature.sms;

import dev.parley.base.event.SmsDetail;
import dev.parley.feature.sms.carrier.DeliveryCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way, or at its end.
 *
 * @param origin empty for the API; the account name for what came through the SMPP server
 * @param report whether an event tells the end
 * @param deadline when the wait for a receipt is over
 * @param code how it ended; meaningless while open
 */
record Outgoing(
    String messageId,
    String recipient,
    String textId,
    @Nullable String tag,
    @Nullable String repeatId,
    String origin,
    boolean report,
    int segments,
    Instant accepted,
    Instant deadline,
    State state,
    DeliveryCode code,
    Instant done,
    int succeeded,
    int failed) {

  /** Where a message is. */
  enum State {
    OPEN(0),
    DELIVERED(1),
    FAILED(2);

    private final long number;

    State(long number) {
      this.number = number;
    }

    /** As it is stored. */
    long number() {
      return number;
    }

    static State of(long number) {
      return number == OPEN.number ? OPEN : number == DELIVERED.number ? DELIVERED : FAILED;
    }
  }

  boolean open() {
    return state == State.OPEN;
  }

  /** The same at its end. */
  Outgoing ended(DeliveryCode code, int succeeded, int failed, Instant at) {
    return new Outgoing(
        messageId,
        recipient,
        textId,
        tag,
        repeatId,
        origin,
        report,
        segments,
        accepted,
        deadline,
        code.delivered() ? State.DELIVERED : State.FAILED,
        code,
        at,
        succeeded,
        failed);
  }

  DeliveryReport reportFrom(String sender) {
    return new DeliveryReport(messageId, sender, recipient, code, done, succeeded, failed, tag);
  }

  SmsDetail.DeliveryReportReceived detailFrom(String sender) {
    return new SmsDetail.DeliveryReportReceived(
        messageId,
        sender,
        recipient,
        code.delivered(),
        code.details(),
        done,
        succeeded,
        failed,
        done,
        tag);
  }
}
