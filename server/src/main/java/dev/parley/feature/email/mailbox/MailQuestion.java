package dev.parley.feature.email.mailbox;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Which mails somebody wants to see; what is empty does not matter. */
record MailQuestion(
    Optional<String> to,
    Optional<String> from,
    Optional<String> subject,
    Optional<String> messageId,
    Optional<String> outcome,
    Optional<Instant> since,
    long after,
    int limit) {
  boolean matches(CapturedMail mail) {
    return has(from, mail.sender())
        && has(subject, mail.subject())
        && messageId.map(id -> id.equalsIgnoreCase(mail.messageId())).orElse(true)
        && outcome.map(word -> word.equalsIgnoreCase(mail.outcome())).orElse(true)
        && since.map(time -> !mail.received().isBefore(time)).orElse(true);
  }

  private static boolean has(Optional<String> part, String text) {
    return part.map(
            wanted -> text.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT)))
        .orElse(true);
  }
}
