package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a courier has still to store. Not safe on several threads. */
final class Slip {
  /** Beyond this the courier stops sending until something could be stored. */
  private static final int ENTRIES_MAX = 20_000;

  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<String, Retry> parked = new LinkedHashMap<>();
  private final Set<String> settled = new LinkedHashSet<>();
  private final List<DeadLetter.Entry> deadLetters = new ArrayList<>();
  private Counts counts = Counts.NONE;

  void attempt(Attempt attempt) {
    attempts.add(attempt);
  }

  void park(Retry retry) {
    settled.remove(retry.eventId());
    parked.put(retry.eventId(), retry);
  }

  void settle(String eventId) {
    parked.remove(eventId);
    settled.add(eventId);
  }

  void deadLetter(DeadLetter.Entry entry) {
    deadLetters.add(entry);
  }

  void count(Counts more) {
    counts = counts.plus(more);
  }

  /** Whether something about the event is to be stored. */
  boolean knows(String eventId) {
    return settled.contains(eventId) || parked.containsKey(eventId);
  }

  boolean isEmpty() {
    return attempts.isEmpty()
        && parked.isEmpty()
        && settled.isEmpty()
        && deadLetters.isEmpty()
        && counts.equals(Counts.NONE);
  }

  boolean isFull() {
    return attempts.size() + parked.size() + settled.size() > ENTRIES_MAX;
  }

  DeliveryStore.Changes take(Map<Shard, Long> positions, Map<Shard, Long> replay) {
    var changes =
        new DeliveryStore.Changes(
            positions,
            replay,
            List.copyOf(attempts),
            List.copyOf(parked.values()),
            List.copyOf(settled),
            List.copyOf(deadLetters),
            counts);
    attempts.clear();
    parked.clear();
    settled.clear();
    deadLetters.clear();
    counts = Counts.NONE;
    return changes;
  }

  /** Puts back what could not be stored; what came since has the say. */
  void putBack(DeliveryStore.Changes changes) {
    attempts.addAll(0, changes.attempts());
    deadLetters.addAll(0, changes.deadLetters());
    counts = counts.plus(changes.counts());
    for (var retry : changes.parked()) {
      if (!settled.contains(retry.eventId())) {
        parked.putIfAbsent(retry.eventId(), retry);
      }
    }
    for (var id : changes.settled()) {
      if (!parked.containsKey(id)) {
        settled.add(id);
      }
    }
  }
}
