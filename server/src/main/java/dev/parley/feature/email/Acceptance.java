package dev.parley.feature.email;

import dev.parley.base.blob.Blobs;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ServiceClock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Stores a written message with its recipients, whole or not at all; the same for every way in. */
final class Acceptance {
  private static final SendOperation.Failure ALL_SUPPRESSED =
      new SendOperation.Failure(
          "EmailDroppedAllRecipientsSuppressed",
          "Message dropped because all recipients were suppressed.");

  private final Stores stores;
  private final Blobs blobs;
  private final Suppressions suppressions;
  private final Outbox outbox;
  private final ServiceClock clock;
  private final EmailStore rows = new EmailStore();

  Acceptance(
      Stores stores, Blobs blobs, Suppressions suppressions, Outbox outbox, ServiceClock clock) {
    this.stores = stores;
    this.blobs = blobs;
    this.suppressions = suppressions;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Accepts; durable when it returns. A repeat of the same message gets the same operation. */
  SendOperation accept(NewMessage message, Origin origin) {
    var key = message.key();
    var suppressed = suppressions.among(message.domain(), message.sender(), message.recipients());
    // Before the row, which must never name bytes that are not there.
    var placed =
        suppressed.containsAll(message.recipients()) ? Placed.nowhere() : Placed.of(message, blobs);
    var now = clock.now(key.resource());
    var operation =
        stores
            .of(key.resource())
            .write(key.partition(), tx -> accepted(tx, message, placed, suppressed, now, origin));
    if (!operation.bodyHash().equals(message.bodyHash())) {
      // Refused, with bytes that no row names: those of the other message have another name.
      placed.blob().ifPresent(name -> blobs.delete(key.resource(), name));
      throw EmailProblems.otherBody(key.id());
    }
    outbox.accepted(message);
    return operation;
  }

  private SendOperation accepted(
      Tx tx,
      NewMessage message,
      Placed placed,
      Set<String> suppressed,
      Instant now,
      Origin origin) {
    var before = rows.operation(tx, message.key());
    if (before.isPresent()) {
      return before.get();
    }
    var open = (int) message.recipients().stream().filter(to -> !suppressed.contains(to)).count();
    var operation =
        new SendOperation(
            message.key(),
            open == 0 ? SendStatus.FAILED : SendStatus.RUNNING,
            message.bodyHash(),
            open == 0 ? Optional.of(ALL_SUPPRESSED) : Optional.empty());
    rows.insert(tx, message, placed, now, operation, open);
    var kilobytes = placed.size() * open / 1024 + 1;
    if (open > 0) {
      tx.publish(used("email.messages", open, message.sender(), now), origin);
      tx.publish(used("email.kilobytes", kilobytes, message.sender(), now), origin);
    }
    for (var number = 0; number < message.recipients().size(); number++) {
      var to = message.recipients().get(number);
      var state = suppressed.contains(to) ? RecipientState.SUPPRESSED : RecipientState.QUEUED;
      rows.insert(tx, message.key(), number, to, state, now);
      if (state == RecipientState.SUPPRESSED) {
        tx.publish(
            new EmailEvent.DeliveryReported(message.key().id(), number, state.word(), now), origin);
      }
    }
    return operation;
  }

  private static UsageEvent used(String meter, long quantity, String sender, Instant now) {
    return new UsageEvent.Recorded(meter, quantity, sender, now);
  }
}
