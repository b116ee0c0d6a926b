package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * All that is on its way to one subscription: events that are ready, events that wait for another
 * attempt, how far the journal was taken, and what of this is still to be stored. It knows no
 * threads: its courier asks it under its lock.
 */
final class Parcels {
  private final Subscription subscription;
  private final Deque<Parcel> ready = new ArrayDeque<>();
  private final Map<String, Parcel> parked = new HashMap<>();
  private final PriorityQueue<Parcel> waiting =
      new PriorityQueue<>(Comparator.comparing(parcel -> parcel.retry().due()));
  private final Slip slip = new Slip();
  private Intake intake = Intake.after(Map.of());
  private @Nullable Intake replay;

  Parcels(Subscription subscription) {
    this.subscription = subscription;
  }

  // What comes in.

  void begin(Map<Shard, Long> positions) {
    intake = Intake.after(positions);
  }

  Intake intake() {
    return intake;
  }

  /** The replay that is running; null for none. */
  @Nullable Intake replay() {
    return replay;
  }

  /** Takes in rows of the store that are not known here: events to deliver again, a replay. */
  void merge(List<Retry> retries, List<DeliveryStore.Replay> replays) {
    retries.forEach(this::merge);
    if (replay == null && !replays.isEmpty()) {
      var from = new HashMap<Shard, Long>();
      var until = new HashMap<Shard, Long>();
      for (var part : replays) {
        from.put(part.shard(), part.position());
        until.put(part.shard(), part.until());
      }
      replay = Intake.replay(from, until);
    }
  }

  /** What is not stored yet is newer than any row. */
  private void merge(Retry retry) {
    if (slip.knows(retry.eventId())) {
      return;
    }
    var known = parked.get(retry.eventId());
    if (known == null) {
      enlist(Parcel.waiting(retry));
    } else if (retry.due().isBefore(known.retry().due()) && waiting.remove(known)) {
      // Somebody wants it sooner.
      known.set(retry);
      waiting.add(known);
    }
  }

  private void enlist(Parcel parcel) {
    parked.put(parcel.id(), parcel);
    waiting.add(parcel);
  }

  /**
   * Takes a row, of which only the wanted events become ready; a row that was taken is nothing. A
   * row that was begun before a restart has events that wait already.
   */
  void take(Intake from, Mapped row, Instant now) {
    if (from.hasTaken(row.shard(), row.position())) {
      return;
    }
    var filter = subscription.settings().filter();
    var wanted =
        row.events().stream()
            .filter(filter::wants)
            .filter(event -> from.isReplay() || !parked.containsKey(event.id()))
            .toList();
    var open = from.take(row.shard(), row.position(), wanted.size());
    for (var event : wanted) {
      // Who asks for a replay wants these events to live once more.
      ready.add(Parcel.fresh(event, from, open, from.isReplay() ? now : event.time()));
    }
  }

  /** Takes an event that the journal does not have, where the subscription wants it. */
  void pass(GridEvent event) {
    if (subscription.settings().filter().wants(event)) {
      ready.add(Parcel.passing(event));
    }
  }

  /** A replay that is over and stored is forgotten. */
  void endReplay() {
    if (replay != null && replay.over() && !replay.moved()) {
      replay = null;
    }
  }

  int readyCount() {
    return ready.size();
  }

  int waitingCount() {
    return parked.size();
  }

  // What goes out.

  /** The event whose time came first; null when none is due. */
  @Nullable Parcel due(Instant now) {
    var first = waiting.peek();
    return first == null || first.retry().due().isAfter(now) ? null : first;
  }

  /** The event that is ready for the longest time; null when there is none. */
  @Nullable Parcel fresh() {
    return ready.peek();
  }

  /** Takes away what {@link #due} or {@link #fresh} gave, to give it up. */
  void remove(Parcel parcel) {
    if (ready.peek() == parcel) {
      ready.remove();
    } else {
      waiting.remove(parcel);
    }
  }

  /** A batch of due events that were tried equally often. */
  List<Parcel> dueBatch(Instant now) {
    var batch = new ArrayList<Parcel>();
    for (var next = due(now); next != null && batch.size() < batchMax(); next = due(now)) {
      var other =
          !batch.isEmpty() && next.retry().attempts() != batch.getFirst().retry().attempts();
      if (other || doomed(next, now)) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  /** A batch of ready events within the subscription's bounds. */
  List<Parcel> freshBatch(Instant now) {
    var schema = subscription.settings().schema();
    var bytesMax = subscription.settings().endpoint().kilobytesPerBatch() * 1024L;
    var bytes = 0L;
    var batch = new ArrayList<Parcel>();
    while (batch.size() < batchMax()) {
      var parcel = ready.peek();
      if (parcel == null || doomed(parcel, now)) {
        break;
      }
      var event = parcel.event();
      bytes += event == null ? 0 : event.json(schema).length;
      if (bytes > bytesMax && !batch.isEmpty()) {
        break;
      }
      batch.add(ready.remove());
    }
    return batch;
  }

  /** One event a request where each request has headers from its event. */
  int batchMax() {
    var endpoint = subscription.settings().endpoint();
    return endpoint.attributes().stream().anyMatch(DeliveryAttribute.Dynamic.class::isInstance)
        ? 1
        : endpoint.eventsPerBatch();
  }

  /** Whether delivery is given up: the event is too old, or was given up before. */
  boolean doomed(Parcel parcel, Instant now) {
    if (parcel.retry().doomed().isEmpty() && !now.isBefore(end(parcel.retry()))) {
      parcel.set(parcel.retry().doomed(DeadLetter.EXPIRED, now));
    }
    return !parcel.retry().doomed().isEmpty();
  }

  private Instant end(Retry retry) {
    var policy = subscription.settings().retry();
    return retry.published().plus(Duration.ofMinutes(policy.minutesToLive()));
  }

  // What becomes of it.

  /** The event needs no more attempts. */
  void settle(Parcel parcel) {
    parcel.leaveRow();
    if (parked.get(parcel.id()) == parcel) {
      parked.remove(parcel.id());
      slip.settle(parcel.id());
    }
  }

  /** Notes a failed attempt: the event waits by the schedule, or is given up. */
  void failed(Parcel parcel, Outcome outcome, Instant now) {
    if (parcel.isPassing()) {
      lose();
      return;
    }
    var before = parcel.retry();
    var status = outcome.status();
    var word = status == 0 ? outcome.kind().word() : HttpWords.of(status);
    var due = now.plus(Backoff.after(before.attempts() + 1, status));
    var end = end(before);
    var failed = before.failed(word, now, due.isAfter(end) ? end : due);
    if (outcome.kind() == Outcome.Kind.REFUSED) {
      failed = failed.doomed(word, now);
    } else if (failed.attempts() >= subscription.settings().retry().attemptsMax()) {
      failed = failed.doomed(DeadLetter.ATTEMPTS, now);
    }
    parcel.set(failed);
    park(parcel);
  }

  /** The same once more, a little later. */
  void again(Parcel parcel, Instant due) {
    if (parcel.isPassing()) {
      lose();
      return;
    }
    parcel.set(parcel.retry().at(due));
    park(parcel);
  }

  private void lose() {
    slip.count(new Counts(0, 0, 0, 0, 1));
  }

  /** The event waits in a row of its own, so that the position can move on. */
  private void park(Parcel parcel) {
    parcel.leaveRow();
    var other = parked.get(parcel.id());
    if (other != null && other != parcel) {
      // The same event waits already: a replay met it.
      return;
    }
    parcel.drop();
    slip.park(parcel.retry());
    enlist(parcel);
  }

  /** The endpoint is back: what waits for it need not wait longer. */
  void hurry(Instant now) {
    var all = new ArrayList<>(waiting);
    waiting.clear();
    for (var parcel : all) {
      if (parcel.retry().doomed().isEmpty()) {
        parcel.set(parcel.retry().at(now));
      }
      waiting.add(parcel);
    }
  }

  // What is to be stored.

  Slip slip() {
    return slip;
  }

  /** Whether anything but the position is to be stored. */
  boolean news() {
    return !slip.isEmpty() || (replay != null && replay.moved());
  }

  /** Takes what is to be stored. */
  DeliveryStore.Changes takeChanges() {
    return slip.take(intake.takeSettled(), replay == null ? Map.of() : replay.takeSettled());
  }

  /** Puts back what could not be stored. */
  void putBack(DeliveryStore.Changes changes) {
    slip.putBack(changes);
    intake.putBack(changes.positions());
    if (replay != null) {
      replay.putBack(changes.replay());
    }
  }
}
