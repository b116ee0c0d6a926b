package dev.parley.base.store;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The heads of the shards that one batch writes to: what they are taken to be, what they are once
 * they are locked, and how the batch moves them. For the thread that writes.
 */
final class GatherHeads {
  private final PostgresMemory memory;
  private final List<Shard> shards;
  private Map<Shard, PostgresJournal.Head> expected = Map.of();
  private Map<Shard, PostgresJournal.Head> heads = Map.of();
  private final Map<Shard, PostgresJournal.Head> moved = new HashMap<>();
  private final List<JournalRow> rows = new ArrayList<>();
  private final List<String> events = new ArrayList<>();

  GatherHeads(PostgresMemory memory, List<Shard> shards) {
    this.memory = memory;
    this.shards = shards;
  }

  /** Locks them together with the first statement of the transaction. */
  void lock(PostgresConnection connection) {
    expected = memory.expected(shards);
    PostgresJournal.lock(
        connection,
        shards,
        expected,
        locked -> {
          heads = locked;
          memory.found(locked);
        });
  }

  /** Whether the lock has been answered. */
  boolean locked() {
    return !heads.isEmpty();
  }

  /** Whether the lock fails if anything is not as it is taken to be. */
  boolean allExpected() {
    return expected.size() == shards.size();
  }

  /** The lock goes along with the commit: nothing is stored if it fails. */
  void takeForLocked() {
    heads = expected;
  }

  /** Whether what units left in this shard is still so, or the batch fails. */
  boolean trusts(Shard shard) {
    return locked() || expected.containsKey(shard);
  }

  /** Whether it failed because another process has written what this one took to be its own. */
  boolean surprised(SQLException problem) {
    return !expected.isEmpty() && PostgresJournal.isUnexpected(problem);
  }

  /** Something changes in the shard, which will be one commit further. */
  void change(Shard shard) {
    moved.computeIfAbsent(
        shard,
        one -> {
          var head = requireNonNull(heads.get(one));
          return new PostgresJournal.Head(head.position(), head.writes() + 1);
        });
  }

  /** Gives what a unit has published its places in the journal. */
  void journal(GatherTicket<?> ticket, List<GatherTx.Published> published, Instant at) {
    for (var one : published) {
      var head = requireNonNull(moved.get(ticket.shard())).next();
      moved.put(ticket.shard(), head);
      rows.add(
          new JournalRow(
              ticket.shard(),
              head.position(),
              ticket.partition(),
              one.event(),
              one.origin(),
              at,
              one.detail()));
      events.add(one.text());
    }
  }

  /** What was journaled, in its order. */
  List<JournalRow> rows() {
    return rows;
  }

  /** What stores the journal's rows. */
  Optional<PostgresCall> append() {
    return rows.isEmpty() ? Optional.empty() : Optional.of(PostgresJournal.append(rows, events));
  }

  /** What moves the heads. */
  Optional<PostgresCall> advance() {
    return moved.isEmpty() ? Optional.empty() : Optional.of(PostgresJournal.advance(moved));
  }

  /** It is committed. */
  void left() {
    memory.left(moved);
  }
}
