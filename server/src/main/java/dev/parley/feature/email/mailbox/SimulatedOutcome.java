package dev.parley.feature.email.mailbox;

import dev.parley.feature.email.RecipientState;
import java.util.Optional;

/**
 * What a simulated mail server does with a mail, by a word of the address ({@code ann+bounce@...})
 * or of a rule.
 */
enum SimulatedOutcome {
  DELIVERED("delivered", RecipientState.DELIVERED, "250 2.0.0 Ok: queued"),
  BOUNCE("bounce", RecipientState.BOUNCED, "550 5.1.1 The mailbox does not exist"),
  BOUNCE_DOMAIN("bounce-domain", RecipientState.BOUNCED, "550 5.1.2 Host or domain name not found"),
  BOUNCE_LATE("bounce-late", RecipientState.DELIVERED, "250 2.0.0 Ok: queued"),
  FULL("full", RecipientState.FAILED, "552 5.2.2 The mailbox is full"),
  FAIL("fail", RecipientState.FAILED, "554 5.0.0 The transaction failed"),
  DELAY("delay", RecipientState.DELIVERED, "250 2.0.0 Ok: queued"),
  SPAM("spam", RecipientState.FILTERED_SPAM, "550 5.7.1 The message was identified as spam"),
  QUARANTINE("quarantine", RecipientState.QUARANTINED, "250 2.0.0 Ok: quarantined"),
  COMPLAINT("complaint", RecipientState.DELIVERED, "250 2.0.0 Ok: queued"),
  UNSUBSCRIBE("unsubscribe", RecipientState.DELIVERED, "250 2.0.0 Ok: queued");

  private final String word;
  private final RecipientState state;
  private final String reply;

  SimulatedOutcome(String word, RecipientState state, String reply) {
    this.word = word;
    this.state = state;
    this.reply = reply;
  }

  String word() {
    return word;
  }

  RecipientState state() {
    return state;
  }

  String reply() {
    return reply;
  }

  static Optional<SimulatedOutcome> ofWord(String word) {
    for (var outcome : values()) {
      if (outcome.word.equals(word)) {
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }

  /** The first word behind a plus that is one of ours; other plus-addresses are plain mailboxes. */
  static Optional<SimulatedOutcome> ofAddress(String local) {
    var tags = local.split("\\+", -1);
    for (var i = 1; i < tags.length; i++) {
      var found = ofWord(tags[i].toLowerCase(java.util.Locale.ROOT));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
