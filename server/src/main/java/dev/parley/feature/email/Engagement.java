package dev.parley.feature.email;

import dev.parley.base.event.EmailEvent;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ServiceClock;

/**
 * The front door of what recipients do with messages: open them, follow links, take themselves off
 * the list.
 */
final class Engagement {
  private static final Origin ORIGIN = Origin.service("email");

  /** Further ones of a message are not kept; nobody may fill the store through a link. */
  private static final int KEPT_MAX = 10_000;

  private final Stores stores;
  private final EmailTokens tokens;
  private final Outbox outbox;
  private final ServiceClock clock;
  private final EmailStore messages = new EmailStore();

  Engagement(Stores stores, EmailTokens tokens, Outbox outbox, ServiceClock clock) {
    this.stores = stores;
    this.tokens = tokens;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** The message was opened; a token that is none changes nothing. */
  void opened(String token, String userAgent) {
    tokens.named(Outgoing.OPENED, token).ifPresent(named -> record(named, "view", "", userAgent));
  }

  /** A link was followed; false when it was never in a mail of ours. */
  boolean clicked(String token, String link, String proof, String userAgent) {
    var named = tokens.named(Outgoing.CLICKED, token);
    if (named.isEmpty() || !tokens.proves(token, link, proof)) {
      return false;
    }
    record(named.get(), "click", link, userAgent);
    return true;
  }

  /** Whether the token is one by which a recipient may leave. */
  boolean mayLeave(String token) {
    return tokens.named(Outgoing.UNSUBSCRIBED, token).isPresent();
  }

  /** The recipient wants nothing more from that domain. */
  void left(String token) {
    tokens
        .named(Outgoing.UNSUBSCRIBED, token)
        .ifPresent(named -> outbox.unwanted(named.key(), named.number(), "unsubscribe"));
  }

  private void record(
      EmailTokens.Named named, String engagement, String context, String userAgent) {
    var key = named.key();
    var now = clock.now(key.resource());
    var agent = userAgent.substring(0, Math.min(userAgent.length(), 500)).replace('\0', ' ');
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              var number = last(tx, key) + 1;
              if (number > KEPT_MAX || messages.recipient(tx, key, named.number()).isEmpty()) {
                return false;
              }
              tx.add(
                  "INSERT INTO email_engagement (resource_id, message_id, number, recipient,"
                      + " engagement, context, user_agent, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  key.resource().value(),
                  key.id(),
                  number,
                  named.number(),
                  engagement,
                  context,
                  agent,
                  now.toEpochMilli());
              tx.publish(
                  new EmailEvent.Engaged(key.id(), named.number(), engagement, number), ORIGIN);
              return true;
            });
  }

  private static long last(Rows rows, MessageKey key) {
    return rows.one(
            "SELECT MAX(number) FROM email_engagement WHERE resource_id = ? AND message_id = ?",
            row -> row.numberIf(1).orElse(0L),
            key.resource().value(),
            key.id())
        .orElse(0L);
  }
}
