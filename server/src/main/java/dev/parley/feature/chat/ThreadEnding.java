package dev.parley.feature.chat;

import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import java.time.Duration;
import java.time.Instant;

/**
 * How threads end: deleted by a participant, or by their retention policy. The words go at once;
 * the ids of those who were in the thread stay for a day, so that they can be told.
 */
final class ThreadEnding {
  /** Due job: the retention policy ends the thread. */
  static final String RETENTION = "chat.retention";

  /** Due job: the last rows of a deleted thread go. */
  static final String FORGET = "chat.forget";

  private static final String ONLY = "";
  private static final Duration TELLING = Duration.ofHours(24);

  private final ThreadStore rows;
  private final DueJobs dueJobs;

  ThreadEnding(ThreadStore rows, DueJobs dueJobs) {
    this.rows = rows;
    this.dueJobs = dueJobs;
  }

  /** Makes the due job that the thread's policy asks for, in place of any other. */
  void schedule(Tx tx, ThreadKey key, ChatThread thread) {
    if (thread.retention().isEmpty()) {
      return;
    }
    var retention = thread.retention().get();
    if (retention.ends()) {
      dueJobs.schedule(tx, key.partition(), RETENTION, ONLY, retention.end(thread.createdOn()), "");
    } else {
      dueJobs.cancel(tx, key.partition(), RETENTION, ONLY);
    }
  }

  void end(Tx tx, ThreadKey key, ChatThread thread, Instant now, boolean byPolicy, Origin origin) {
    rows.delete(tx, key, now);
    dueJobs.cancel(tx, key.partition(), RETENTION, ONLY);
    dueJobs.schedule(tx, key.partition(), FORGET, ONLY, now.plus(TELLING), "");
    tx.publish(new ChatEvent.ThreadDeleted(key.id(), thread.membership(), now, byPolicy), origin);
  }

  /** Does what is due; the job of a thread that is gone already has nothing to do. */
  void retain(Tx tx, PartitionKey partition, Instant now) {
    var key = ThreadKey.of(partition);
    rows.thread(tx, key)
        .ifPresent(thread -> end(tx, key, thread, now, true, Origin.service("chat")));
  }

  void forget(Tx tx, PartitionKey partition) {
    rows.forget(tx, ThreadKey.of(partition));
  }
}
