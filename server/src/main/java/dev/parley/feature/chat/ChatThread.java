package dev.parley.feature.chat;

import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A thread as stored.
 *
 * @param createdBy raw id
 * @param retention empty when nobody said anything
 * @param membership rises by one with each change of who is in the thread
 */
record ChatThread(
    ThreadId id,
    String topic,
    Instant createdOn,
    String createdBy,
    Map<String, String> metadata,
    Optional<Retention> retention,
    long membership) {
  ChatThread {
    metadata = Map.copyOf(metadata);
  }

  ChatThread withMembership(long version) {
    return new ChatThread(id, topic, createdOn, createdBy, metadata, retention, version);
  }
}
