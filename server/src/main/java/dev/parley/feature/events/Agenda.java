package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a courier has at hand, and what is to be done next: rows that were offered, events on their
 * way, how the endpoint does, what is to be stored. It does nothing itself and knows no threads:
 * its courier asks and tells it under its lock.
 */
final class Agenda {
  /** Below this many events more are taken. */
  private static final int READY_MIN = 1_000;

  private static final int QUEUED_EVENTS_MAX = 4_000;
  private static final Duration SAVE = Duration.ofMillis(100);
  private static final Duration IDLE_SAVE = Duration.ofSeconds(30);
  private static final Duration DEAD_LETTER_AGAIN = Duration.ofMinutes(1);

  /** How long nothing to do stays nothing to do; and the pause after a fault of our own. */
  static final Duration LOOK = Duration.ofMillis(500);

  /** What is to be done next. */
  sealed interface Work {
    record Send(List<Parcel> batch) implements Work {}

    record Bury(Parcel parcel) implements Work {}

    record Read(Intake from) implements Work {}

    record Save() implements Work {}

    record Refresh() implements Work {}

    record Stop() implements Work {}
  }

  private final Post post;
  private final Deque<Mapped> queue = new ArrayDeque<>();
  private final Parcels parcels;
  private final Window window;
  private int queuedEvents;
  private boolean live;
  private int sending;
  private Instant probe = Instant.MIN;
  private long lastAttempt;
  private boolean saving;
  private boolean unsaved;
  private long savedAt = System.nanoTime();
  private boolean refresh;
  private boolean closing;

  Agenda(Post post, Subscription subscription) {
    this.post = post;
    this.parcels = new Parcels(subscription);
    this.window = new Window(subscription.settings().endpoint().eventsPerBatch() > 1);
  }

  // What comes in.

  void begin(Map<Shard, Long> positions, long lastAttempt) {
    parcels.begin(positions);
    this.lastAttempt = lastAttempt;
  }

  void merge(List<Retry> retries, List<DeliveryStore.Replay> replays) {
    parcels.merge(retries, replays);
  }

  /** A row that was just committed; what finds no place is read from the journal. */
  void offer(Mapped row) {
    if (!live) {
      return;
    }
    if (queuedEvents + row.events().size() > QUEUED_EVENTS_MAX && queuedEvents > 0) {
      live = false;
      return;
    }
    queue.add(row);
    queuedEvents += row.events().size();
  }

  /** An event that the journal does not have; lost where others wait, or the endpoint is dead. */
  void pass(GridEvent event) {
    if (!closing && !window.shut() && parcels.readyCount() < READY_MIN) {
      parcels.pass(event);
    }
  }

  /** Somebody wrote rows that are not known here. */
  void refresh() {
    refresh = true;
  }

  void close() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  Courier.Status status() {
    return new Courier.Status(
        window.shut(),
        window.failures(),
        parcels.waitingCount(),
        parcels.readyCount(),
        parcels.replay() != null);
  }

  // Deciding.

  /** When to decide again where nothing is to be done and nothing comes. */
  long patience() {
    return parcels.slip().isEmpty() ? LOOK.toNanos() : SAVE.toNanos() / 4;
  }

  /** What is to be done now; null for nothing. */
  @Nullable Work decide(Instant now) {
    if (closing) {
      return ending();
    }
    if (refresh && !saving) {
      refresh = false;
      return new Work.Refresh();
    }
    if (!parcels.slip().isFull()) {
      fill(now);
      var due = due(now);
      if (due != null) {
        return due;
      }
      var fresh = fresh(now);
      if (fresh != null) {
        return fresh;
      }
      var from = source();
      if (from != null) {
        return new Work.Read(from);
      }
    }
    return shouldSave() ? save() : null;
  }

  private @Nullable Work ending() {
    if (sending > 0 || saving) {
      return null;
    }
    var stored = !parcels.news() && !parcels.intake().moved();
    return stored || unsaved ? new Work.Stop() : save();
  }

  private Work save() {
    saving = true;
    return new Work.Save();
  }

  private boolean shouldSave() {
    if (saving) {
      return false;
    }
    var age = System.nanoTime() - savedAt;
    if (parcels.news()) {
      return age > SAVE.toNanos();
    }
    var intake = parcels.intake();
    if (age > IDLE_SAVE.toNanos() && live && queue.isEmpty() && intake.idle()) {
      intake.skipTo(post.offered().get());
    }
    return intake.moved() && age > IDLE_SAVE.toNanos();
  }

  /** Takes what was offered. */
  private void fill(Instant now) {
    while (parcels.readyCount() < READY_MIN && !queue.isEmpty()) {
      var row = queue.remove();
      queuedEvents -= row.events().size();
      parcels.take(parcels.intake(), row, now);
    }
    parcels.endReplay();
  }

  /** Where more events are to be read from now; null for nowhere. */
  private @Nullable Intake source() {
    if (parcels.readyCount() >= READY_MIN
        || (window.shut() && parcels.readyCount() > 0)
        || parcels.waitingCount() >= post.config().retriesMax()) {
      return null;
    }
    var replay = parcels.replay();
    if (replay != null && !replay.hasTaken(replay.until())) {
      return replay;
    }
    return live || !queue.isEmpty() ? null : parcels.intake();
  }

  /** Events whose time has come, the longest overdue first. */
  private @Nullable Work due(Instant now) {
    var first = parcels.due(now);
    if (first == null || sending >= window.size()) {
      return null;
    }
    sending++;
    if (parcels.doomed(first, now)) {
      parcels.remove(first);
      return new Work.Bury(first);
    }
    return new Work.Send(parcels.dueBatch(now));
  }

  private @Nullable Work fresh(Instant now) {
    var first = parcels.fresh();
    if (first == null || sending >= window.size()) {
      return null;
    }
    if (parcels.doomed(first, now)) {
      parcels.remove(first);
      sending++;
      return new Work.Bury(first);
    }
    if (window.shut() && (sending > 0 || probe.isAfter(now))) {
      return null;
    }
    // A batch that is not full waits for the one before it, so that there are few.
    var batchMax = parcels.batchMax();
    if (batchMax > 1 && parcels.readyCount() < batchMax && sending > 0) {
      return null;
    }
    sending++;
    return new Work.Send(parcels.freshBatch(now));
  }

  // What became of it.

  /** Rows that were read. */
  void taken(Intake from, List<Mapped> rows, Instant now) {
    rows.forEach(row -> parcels.take(from, row, now));
    live = live || (!from.isReplay() && from.hasTaken(post.heard().get()));
  }

  /**
   * A request is over, with an outcome for these.
   *
   * @return whether a dead endpoint is back
   */
  boolean sent(List<Parcel> sent, List<GridEvent> events, Outcome outcome, Instant now) {
    sending--;
    var count = sent.getFirst().retry().attempts();
    noteAttempt(events, count, outcome, now);
    if (outcome.delivered()) {
      var wasShut = window.shut();
      window.succeeded();
      parcels.slip().count(new Counts(sent.size(), 0, 0, 0, 0));
      sent.forEach(parcels::settle);
      if (wasShut) {
        parcels.hurry(now);
      }
      return wasShut;
    }
    var silent =
        outcome.kind() == Outcome.Kind.UNCERTAIN || outcome.kind() == Outcome.Kind.UNREACHABLE;
    window.failed(silent);
    if (window.shut()) {
      probe = now.plus(Backoff.probe(window.failuresShut()));
    }
    parcels
        .slip()
        .count(new Counts(0, 1, outcome.kind() == Outcome.Kind.UNCERTAIN ? sent.size() : 0, 0, 0));
    sent.forEach(parcel -> parcels.failed(parcel, outcome, now));
    return false;
  }

  private void noteAttempt(List<GridEvent> events, int count, Outcome outcome, Instant now) {
    if (post.config().attemptsMax() > 0) {
      var micros = Math.max(lastAttempt + 1, TimeUnit.MILLISECONDS.toMicros(now.toEpochMilli()));
      lastAttempt = micros;
      parcels
          .slip()
          .attempt(new Attempt(micros, outcome, count, events.size(), Attempt.ids(events)));
    }
  }

  /** Nothing was sent, since the journal has none of these any longer. */
  void nothingSent() {
    sending--;
  }

  /** Nothing was sent, by our own fault or the store's: the same events again, a little later. */
  void notSent(List<Parcel> batch, Instant now) {
    sending--;
    batch.forEach(parcel -> parcels.again(parcel, now.plus(LOOK)));
  }

  /** The journal has it no longer. */
  void forget(Parcel parcel) {
    parcels.slip().count(new Counts(0, 0, 0, 0, 1));
    parcels.settle(parcel);
  }

  /**
   * An event was given up.
   *
   * @param entry the dead letter that it became; null for none
   */
  void buried(Parcel parcel, DeadLetter.@Nullable Entry entry) {
    sending--;
    if (entry != null) {
      parcels.slip().deadLetter(entry);
    }
    parcels.slip().count(entry != null ? new Counts(0, 0, 0, 1, 0) : new Counts(0, 0, 0, 0, 1));
    parcels.settle(parcel);
  }

  /** A dead letter could not be written now. */
  void notBuried(Parcel parcel, Instant now) {
    sending--;
    parcels.again(parcel, now.plus(DEAD_LETTER_AGAIN));
  }

  // Storing.

  DeliveryStore.Changes takeChanges() {
    return parcels.takeChanges();
  }

  void saved() {
    saving = false;
    unsaved = false;
    savedAt = System.nanoTime();
  }

  /** It could not be stored, and is to be stored with what comes. */
  void notSaved(DeliveryStore.Changes changes) {
    saved();
    unsaved = true;
    parcels.putBack(changes);
  }
}
