package dev.parley.feature.sms;

import java.time.Instant;

/**
 * One line of the opt-out ledger; lines are added and never changed.
 *
 * @param sender whom the recipient left, or came back to
 * @param reason why, in a few words: the keyword that was met, or what the caller said
 * @param source {@code handset} or {@code api}
 * @param actor who did it, as the journal writes actors
 */
record OptOutEntry(
    String sender,
    String recipient,
    Instant at,
    boolean optedOut,
    String reason,
    String source,
    String actor) {
  /** Where a line stands in the ledger. */
  record Place(String sender, String recipient, String entryId) {
    static final Place START = new Place("", "", "");
  }

  /** A line with its place. */
  record Placed(Place place, OptOutEntry entry) {}
}
