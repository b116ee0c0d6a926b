package dev.parley.base.store;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.words.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One journaled event.
 *
 * @param position within the shard, from 1, without holes; rises with commit order
 * @param at when it was committed, by the machine's clock in whole milliseconds; never falls within
 *     a shard while one process writes. The epoch for rows that are older than this column.
 * @param detail the content, where this process has just committed it; null for rows read from the
 *     journal
 */
public record JournalRow(
    Shard shard,
    long position,
    PartitionKey partition,
    Event event,
    Origin origin,
    Instant at,
    @Nullable EventDetail detail) {
  /** A row as the journal has it. */
  public JournalRow(
      Shard shard, long position, PartitionKey partition, Event event, Origin origin, Instant at) {
    this(shard, position, partition, event, origin, at, null);
  }

  /** The same without its content, which can be read again. */
  public JournalRow bare() {
    return detail == null ? this : new JournalRow(shard, position, partition, event, origin, at);
  }
}
