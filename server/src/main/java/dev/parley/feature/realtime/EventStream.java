package dev.parley.feature.realtime;

import dev.parley.base.store.JournalRow;
import dev.parley.base.wire.Session;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: the events of a resource, or of one of its users. It reads the journal until it
 * has caught up, and is told of what comes from then on.
 */
final class EventStream {
  private final Session session;
  private final ResourceId resource;
  private final @Nullable String userId;
  private volatile StreamPosition position;
  private volatile boolean live;
  private volatile boolean open = true;

  EventStream(
      Session session, ResourceId resource, Optional<String> userId, StreamPosition position) {
    this.session = session;
    this.resource = resource;
    this.userId = userId.orElse(null);
    this.position = position;
  }

  ResourceId resource() {
    return resource;
  }

  StreamPosition position() {
    return position;
  }

  /** The stream has read the row, whether it said something or not. */
  void passed(JournalRow row) {
    position = position.with(row.shard(), row.position());
  }

  boolean isLive() {
    return live;
  }

  /** From now on the stream is told. */
  void goLive() {
    live = true;
  }

  boolean isOpen() {
    return open;
  }

  void ended() {
    open = false;
  }

  /** Whether a row is new to the stream and one of its user's. */
  boolean wants(JournalRow row, List<String> audience) {
    return row.position() > position.in(row.shard()) && wants(audience);
  }

  boolean wants(List<String> audience) {
    return userId == null || audience.contains(userId);
  }

  void send(String text) {
    session.queue(text.getBytes(StandardCharsets.UTF_8));
  }

  void flush() {
    session.flush();
  }

  int queuedBytes() {
    return session.queuedBytes();
  }

  void close(String reason) {
    session.close(0, reason);
  }
}
