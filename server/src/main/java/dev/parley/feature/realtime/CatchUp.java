package dev.parley.feature.realtime;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Details;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives a client that was connected to another server, or to this one before its start, what it
 * missed in between. What had not been acknowledged there when it ended comes again.
 */
final class CatchUp {
  /** Readings that are kept for those who come next; beyond it they begin anew. */
  private static final int READINGS_MAX = 16;

  private final RealtimeConfig config;
  private final Store store;
  private final Audience audience;
  private final Details details;
  private final Marks marks;
  private final InstantSource clock;
  private final Map<String, Missed> missed = new ConcurrentHashMap<>();

  CatchUp(
      RealtimeConfig config,
      Store store,
      Audience audience,
      Details details,
      Marks marks,
      InstantSource clock) {
    this.config = config;
    this.store = store;
    this.audience = audience;
    this.details = details;
    this.marks = marks;
    this.clock = clock;
  }

  /** Puts what the endpoint missed since that server before what has come here for it. */
  void fill(Endpoint endpoint, String server, Realtime realtime) {
    var all = marks.of(server, endpoint).map(this::missed).orElseGet(() -> since(server));
    if (all == null) {
      return;
    }
    var part = all.of(endpoint.resource, endpoint.userId);
    var notifications = new ArrayList<Notification>();
    for (var row : part.rows()) {
      notification(row, realtime).ifPresent(notifications::add);
    }
    endpoint.begin(notifications, part.upTo(), part.whole());
  }

  private Optional<Notification> notification(JournalRow row, Realtime realtime) {
    return details.of(row).orElse(null) instanceof ChatDetail chat
        ? Optional.of(realtime.notification(row, chat))
        : Optional.empty();
  }

  /** A server that is gone leaves one mark, and all who come from it share one reading. */
  private @Nullable Missed since(String server) {
    if (missed.size() >= READINGS_MAX) {
      missed.clear();
    }
    return marks
        .of(server)
        .map(mark -> missed.computeIfAbsent(mark.text(), _ -> missed(mark)))
        .orElse(null);
  }

  private Missed missed(StreamPosition mark) {
    return new Missed(store, audience, mark, clock.instant().minus(config.catchUp()));
  }

  /** Forgets what nobody comes for any more. */
  void sweep() {
    missed.values().removeIf(each -> each.ageNanos() > config.catchUp().toNanos());
  }
}
