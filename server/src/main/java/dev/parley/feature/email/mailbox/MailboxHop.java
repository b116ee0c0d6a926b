package dev.parley.feature.email.mailbox;

import dev.parley.feature.email.Outbox;
import dev.parley.feature.email.OutboxItem;
import dev.parley.feature.email.Outgoing;
import dev.parley.feature.email.RecipientState;
import dev.parley.feature.email.delivery.Attempt;
import dev.parley.feature.email.delivery.LastHop;
import java.io.IOException;

/** A last hop that ends in the mailbox for tests, and answers as the address or a rule asks. */
final class MailboxHop implements LastHop {
  private static final String HOST = "mailbox.localhost";

  private final Mailbox mailbox;
  private final Outbox outbox;
  private final Outgoing outgoing;

  MailboxHop(Mailbox mailbox, Outbox outbox, Outgoing outgoing) {
    this.mailbox = mailbox;
    this.outbox = outbox;
    this.outgoing = outgoing;
  }

  @Override
  public Attempt deliver(OutboxItem item) {
    var outcome = mailbox.outcome(item.key().resource(), item.recipient());
    if (outcome == SimulatedOutcome.DELAY && item.attempts() == 0) {
      return new Attempt.NotNow(HOST, "451 4.7.1 Greylisted, try again later", false);
    }
    try {
      mailbox.capture(item, outgoing.message(item).whole(), outcome);
      return new Attempt.Ended(outcome.state(), HOST, outcome.reply());
    } catch (IOException e) {
      return new Attempt.NotNow(HOST, "451 4.3.0 " + e.getMessage(), false);
    }
  }

  @Override
  public void ended(OutboxItem item) {
    switch (mailbox.outcome(item.key().resource(), item.recipient())) {
      case BOUNCE_LATE ->
          outbox.reported(
              item.key(),
              item.number(),
              RecipientState.BOUNCED,
              "550 5.1.1 The mailbox does not exist");
      case COMPLAINT -> outbox.unwanted(item.key(), item.number(), "complaint");
      case UNSUBSCRIBE -> outbox.unwanted(item.key(), item.number(), "unsubscribe");
      case DELIVERED, BOUNCE, BOUNCE_DOMAIN, FULL, FAIL, DELAY, SPAM, QUARANTINE -> {}
    }
  }

  @Override
  public boolean hasOneLane() {
    return true;
  }

  @Override
  public String lane(String destination) {
    return "mailbox";
  }
}
