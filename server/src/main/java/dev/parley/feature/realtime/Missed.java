package dev.parley.feature.realtime;

import dev.parley.base.bus.Audience;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happened since a server told its clients the last time, by user. Read from the journal once
 * for all clients that come from that server, and a little further with each of them.
 */
final class Missed {
  private static final int READ_ROWS = 500;

  /** Rows times recipients; beyond it clients are told that they lost some. */
  private static final int ENTRIES_MAX = 500_000;

  private record User(ResourceId resource, String userId) {}

  /**
   * What one user missed.
   *
   * @param upTo how far the journal was read
   * @param whole false when there was too much to keep
   */
  record Part(List<JournalRow> rows, StreamPosition upTo, boolean whole) {}

  private final Store store;
  private final Audience audience;
  private final Instant oldest;
  private final Map<User, List<JournalRow>> rows = new HashMap<>();
  private final long madeAt = System.nanoTime();
  private StreamPosition upTo;
  private int entries;
  private boolean whole = true;

  /**
   * Begins after a position.
   *
   * @param oldest what happened before is too old for anybody
   */
  Missed(Store store, Audience audience, StreamPosition after, Instant oldest) {
    this.store = store;
    this.audience = audience;
    this.upTo = after;
    this.oldest = oldest;
  }

  long ageNanos() {
    return System.nanoTime() - madeAt;
  }

  /** What the user missed up to now. */
  synchronized Part of(ResourceId resource, String userId) {
    for (var head : store.heads().entrySet()) {
      while (upTo.in(head.getKey()) < head.getValue()) {
        var read = store.journal(head.getKey(), upTo.in(head.getKey()), READ_ROWS);
        if (read.isEmpty()) {
          break;
        }
        read.forEach(this::note);
        upTo = upTo.with(head.getKey(), read.getLast().position());
      }
    }
    var mine = Optional.ofNullable(rows.get(new User(resource, userId))).orElse(List.of());
    return new Part(List.copyOf(mine), upTo, whole);
  }

  private void note(JournalRow row) {
    if (!(row.event() instanceof ChatEvent) || row.at().isBefore(oldest) || !whole) {
      return;
    }
    for (var userId : audience.of(row)) {
      rows.computeIfAbsent(new User(row.partition().resource(), userId), _ -> new ArrayList<>())
          .add(row);
      entries++;
    }
    if (entries > ENTRIES_MAX) {
      whole = false;
      rows.clear();
    }
  }
}
