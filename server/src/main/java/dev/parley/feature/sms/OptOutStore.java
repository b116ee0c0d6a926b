package dev.parley.feature.sms;

import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who wants nothing from whom, and the ledger of how that came to be. */
final class OptOutStore {
  private static final String AMONG =
      "SELECT recipient FROM sms_optout WHERE resource_id = ? AND sender = ? AND recipient IN ("
          + Padded.MARKS
          + ")";
  private static final String AMONG_ALL =
      "SELECT recipient FROM sms_optout WHERE resource_id = ? AND recipient IN ("
          + Padded.MARKS
          + ")";

  /** Those of the recipients, 1 to 100, who have opted out from this sender. */
  Set<String> among(Rows all, SenderKey key, Collection<String> recipients) {
    if (recipients.size() == 1) {
      return new HashSet<>(
          all.all(
              "SELECT recipient FROM sms_optout"
                  + " WHERE resource_id = ? AND sender = ? AND recipient = ?",
              row -> row.text(1),
              key.resource().value(),
              key.sender(),
              recipients.iterator().next()));
    }
    return new HashSet<>(
        all.all(
            AMONG,
            row -> row.text(1),
            Padded.values(List.of(key.resource().value(), key.sender()), recipients)));
  }

  /** Those who have opted out from any sender of the resource. */
  Set<String> amongAll(Rows all, ResourceId resource, Collection<String> recipients) {
    return new HashSet<>(
        all.all(
            AMONG_ALL, row -> row.text(1), Padded.values(List.of(resource.value()), recipients)));
  }

  /** False when it was so already. */
  boolean add(Tx tx, SenderKey key, String recipient, Instant now) {
    return tx.run(
            "INSERT INTO sms_optout (resource_id, sender, recipient, since_ms) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (resource_id, sender, recipient) DO NOTHING",
            key.resource().value(),
            key.sender(),
            recipient,
            now.toEpochMilli())
        == 1;
  }

  /** False when it was so already. */
  boolean remove(Tx tx, SenderKey key, String recipient) {
    return tx.run(
            "DELETE FROM sms_optout WHERE resource_id = ? AND sender = ? AND recipient = ?",
            key.resource().value(),
            key.sender(),
            recipient)
        == 1;
  }

  void enter(Tx tx, ResourceId resource, String id, OptOutEntry entry) {
    tx.add(
        "INSERT INTO sms_optout_entry (resource_id, sender, recipient, entry_id, at_ms, opted_out,"
            + " reason, source, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        resource.value(),
        entry.sender(),
        entry.recipient(),
        id,
        entry.at().toEpochMilli(),
        entry.optedOut() ? 1L : 0L,
        entry.reason(),
        entry.source(),
        entry.actor());
  }

  /** A page of the ledger after a place in it, by sender, recipient and time. */
  List<OptOutEntry.Placed> ledger(
      Rows all, ResourceId resource, OptOutEntry.Place after, int limit) {
    return all.all(
        "SELECT sender, recipient, entry_id, at_ms, opted_out, reason, source, actor"
            + " FROM sms_optout_entry WHERE resource_id = ?"
            + " AND (sender, recipient, entry_id) > (?, ?, ?)"
            + " ORDER BY sender, recipient, entry_id LIMIT ?",
        OptOutStore::placed,
        resource.value(),
        after.sender(),
        after.recipient(),
        after.entryId(),
        (long) limit);
  }

  private static OptOutEntry.Placed placed(Row row) {
    return new OptOutEntry.Placed(
        new OptOutEntry.Place(row.text(1), row.text(2), row.text(3)),
        new OptOutEntry(
            row.text(1),
            row.text(2),
            row.time(4),
            row.number(5) == 1,
            row.text(6),
            row.text(7),
            row.text(8)));
  }
}
