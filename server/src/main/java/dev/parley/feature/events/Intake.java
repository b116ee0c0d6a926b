package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a subscription has taken rows of the journal, and up to where all of their events are
 * settled. Events end in any order; a position is settled when all before it are. Not safe on
 * several threads.
 */
final class Intake {
  /** A row whose events are on their way. */
  static final class Open {
    private final Shard shard;
    private final long position;
    private int events;

    private Open(Shard shard, long position, int events) {
      this.shard = shard;
      this.position = position;
      this.events = events;
    }
  }

  private final boolean replay;
  private final Map<Shard, Long> taken;
  private final Map<Shard, Long> settled = new HashMap<>();
  private final Map<Shard, Long> until;
  private final Deque<Open> open = new ArrayDeque<>();
  private boolean moved;

  private Intake(boolean replay, Map<Shard, Long> from, Map<Shard, Long> until) {
    this.replay = replay;
    this.taken = new HashMap<>(from);
    this.until = Map.copyOf(until);
  }

  /** Of everything after the positions. */
  static Intake after(Map<Shard, Long> positions) {
    return new Intake(false, positions, Map.of());
  }

  /** Of a part of the past. */
  static Intake replay(Map<Shard, Long> from, Map<Shard, Long> until) {
    return new Intake(true, from, until);
  }

  boolean isReplay() {
    return replay;
  }

  Map<Shard, Long> taken() {
    return taken;
  }

  Map<Shard, Long> until() {
    return until;
  }

  boolean hasTaken(Shard shard, long position) {
    return taken.getOrDefault(shard, 0L) >= position;
  }

  boolean hasTaken(Map<Shard, Long> positions) {
    return positions.entrySet().stream()
        .allMatch(entry -> hasTaken(entry.getKey(), entry.getValue()));
  }

  /** Takes a row with so many events, perhaps none. */
  Open take(Shard shard, long position, int events) {
    taken.put(shard, position);
    var row = new Open(shard, position, events);
    open.add(row);
    advance();
    return row;
  }

  /** One event of the row is settled. */
  void settle(Open row) {
    row.events--;
    advance();
  }

  private void advance() {
    for (var first = open.peek(); first != null && first.events == 0; first = open.peek()) {
      settled.put(first.shard, first.position);
      moved = true;
      open.remove();
    }
  }

  /** Nothing is on its way. */
  boolean idle() {
    return open.isEmpty();
  }

  /** Whether a replay is over. */
  boolean over() {
    return replay && idle() && hasTaken(until);
  }

  /** Passes by what is known to hold nothing for this subscription. */
  void skipTo(Map<Shard, Long> positions) {
    positions.forEach((shard, position) -> {
      if (!hasTaken(shard, position)) {
        taken.put(shard, position);
        settled.put(shard, position);
        moved = true;
      }
    });
  }

  boolean moved() {
    return moved;
  }

  /** What was settled since the last call. */
  Map<Shard, Long> takeSettled() {
    moved = false;
    var copy = Map.copyOf(settled);
    settled.clear();
    return copy;
  }

  /** Puts back what could not be stored, where nothing newer came. */
  void putBack(Map<Shard, Long> positions) {
    positions.forEach(settled::putIfAbsent);
    moved = moved || !positions.isEmpty();
  }
}
