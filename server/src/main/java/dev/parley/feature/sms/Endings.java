package dev.parley.feature.sms;

import dev.parley.base.event.SmsEvent;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;

/** Brings messages to their end: stored, told, and kept for the application that submitted them. */
final class Endings {
  private final ServiceClock clock;
  private final SmsStore rows = new SmsStore();
  private final SubmitterStore submitters = new SubmitterStore();

  Endings(ServiceClock clock) {
    this.clock = clock;
  }

  /** Ends a stored message, within a unit of its sender. */
  void end(Tx tx, SenderKey key, Outgoing message, DeliveryCode code, int succeeded, int failed) {
    var ended = message.ended(code, succeeded, failed, clock.now(key.resource()));
    rows.end(tx, key, ended);
    tell(tx, key, ended);
  }

  /** Tells of a message that is stored as ended. */
  void tell(Tx tx, SenderKey key, Outgoing ended) {
    if (!ended.report()) {
      return;
    }
    if (ended.origin().isEmpty()) {
      tx.publish(
          new SmsEvent.DeliveryReportReceived(
              key.sender(), ended.messageId(), ended.code().delivered()),
          Origin.service("sms"),
          ended.detailFrom(key.sender()));
    } else {
      submitters.insert(tx, key, ended.messageId(), ended.origin());
    }
  }
}
