package dev.parley.feature.sms;

import dev.parley.base.store.Tx;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.Outcome;
import java.time.Duration;
import java.util.List;

/** What carriers said, brought into the rows of a sender, within its unit. May be done twice. */
final class Marks {
  /** A receipt and the segment that it is about. */
  record Placed(PartPlace place, DeliveryCode code) {}

  private final SmsConfig config;
  private final ServiceClock clock;
  private final Endings endings;
  private final SmsStore rows = new SmsStore();
  private final QueueStore queue = new QueueStore();

  Marks(SmsConfig config, ServiceClock clock) {
    this.config = config;
    this.clock = clock;
    this.endings = new Endings(clock);
  }

  /** What became of a submission. */
  void answer(Tx tx, SenderKey key, Recorder.Answer answer) {
    var message = answer.claim().message();
    var carrier = answer.carrier();
    var first = message.segment();
    var ids = answer.outcome().carrierIds();
    var state = carrier.receipts() ? CarrierPart.OPEN : CarrierPart.DELIVERED;
    for (var i = 0; i < ids.size(); i++) {
      var part = new CarrierPart(carrier.name(), CarrierIds.stored(ids.get(i)), first + i, state);
      if (message.claimed() == 0) {
        rows.addPart(tx, key, message.messageId(), part);
      } else {
        rows.putPart(tx, key, message.messageId(), part);
      }
    }
    var next = first + ids.size();
    switch (answer.outcome()) {
      case Outcome.Accepted _ -> {
        queue.remove(tx, key, message);
        if (!carrier.receipts()) {
          end(tx, key, message, DeliveryCode.DELIVERED, message.segments());
        }
      }
      case Outcome.Refused refused -> {
        queue.remove(tx, key, message);
        end(tx, key, message, refused.code(), next);
      }
      case Outcome.Later later -> postpone(tx, key, answer, next, later.pause());
      case Outcome.Unknown _ -> {
        if (config.retryUnknown()) {
          postpone(tx, key, answer, next, Duration.ZERO);
        } else {
          queue.remove(tx, key, message);
          end(tx, key, message, DeliveryCode.UNKNOWN, next);
        }
      }
    }
  }

  /** Another carrier may take it at once; when none is left, all are asked again after a pause. */
  private void postpone(Tx tx, SenderKey key, Recorder.Answer answer, int segment, Duration pause) {
    var message = answer.claim().message();
    var now = clock.now(key.resource()).toEpochMilli();
    var name = answer.carrier().name();
    // Segments of one message stay with one carrier: no handset puts two carriers' together.
    var failover = segment == 0 && !pause.isZero();
    var tried = failover ? (message.tried().isEmpty() ? name : message.tried() + "," + name) : "";
    queue.postpone(
        tx, key, message, segment, tried, failover ? now : now + Math.max(pause.toMillis(), 100));
  }

  private void end(Tx tx, SenderKey key, Queued message, DeliveryCode code, int succeeded) {
    rows.outgoing(tx, key, message.messageId())
        .filter(Outgoing::open)
        .ifPresent(outgoing ->
            endings.end(tx, key, outgoing, code, succeeded, message.segments() - succeeded));
  }

  /** What a carrier says of one segment. A repeated receipt changes nothing. */
  void receipt(Tx tx, Placed placed) {
    var key = placed.place().key();
    var messageId = placed.place().messageId();
    var found = rows.outgoing(tx, key, messageId);
    if (found.isEmpty()) {
      return;
    }
    var outgoing = found.get();
    var state = placed.code().delivered() ? CarrierPart.DELIVERED : CarrierPart.FAILED;
    if (!rows.updateParts(tx, placed.place(), state)) {
      return;
    }
    var alone = outgoing.segments() == 1;
    var parts = alone ? List.<CarrierPart>of() : rows.parts(tx, key, messageId);
    var delivered = alone ? 2 - state : count(parts, CarrierPart.DELIVERED);
    var failed = alone ? state - 1 : count(parts, CarrierPart.FAILED);
    if (delivered + failed < outgoing.segments()) {
      return;
    }
    var code =
        failed == 0
            ? DeliveryCode.DELIVERED
            : placed.code().delivered() ? DeliveryCode.FAILED : placed.code();
    if (outgoing.open() || outgoing.code() != code) {
      endings.end(tx, key, outgoing, code, delivered, failed);
    }
  }

  private static int count(List<CarrierPart> parts, int state) {
    return (int) parts.stream().filter(part -> part.state() == state).count();
  }
}
