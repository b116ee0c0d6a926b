package dev.parley.feature.events;

import dev.parley.base.store.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one subscription: takes rows of the journal as they come, sends their events, and
 * remembers what failed. One thread decides; requests run beside it, as many as the {@link Window}
 * lets.
 *
 * <p>The position is stored a few times a second with the attempts and the failed events in one
 * unit. After a crash events since the last unit are sent again, with the same ids. When the
 * endpoint is dead, new events stay in the journal, where they cost nothing.
 */
final class Courier implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /** Below this many events more are taken. */
  private static final int READY_MIN = 1_000;

  private static final int QUEUED_EVENTS_MAX = 4_000;
  private static final int ROWS_AT_ONCE = 64;
  private static final Duration SAVE = Duration.ofMillis(100);
  private static final Duration IDLE_SAVE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Duration DEAD_LETTER_AGAIN = Duration.ofMinutes(1);

  private final Post post;
  private final Subscription subscription;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  private final Deque<Mapped> queue = new ArrayDeque<>();
  private int queuedEvents;
  private boolean live;
  private final Parcels parcels;
  private final Window window;
  private int sending;
  private Instant probe = Instant.MIN;
  private long lastAttempt;
  private boolean saving;
  private boolean unsaved;
  private long savedAt = System.nanoTime();
  private boolean refresh;
  private boolean closing;

  Courier(Post post, Subscription subscription) {
    this.post = post;
    this.subscription = subscription;
    this.parcels = new Parcels(subscription);
    this.window = new Window(subscription.settings().endpoint().eventsPerBatch() > 1);
    this.thread = Thread.ofVirtual().name("courier-" + subscription.key().name()).unstarted(this);
  }

  void start() {
    thread.start();
  }

  Subscription subscription() {
    return subscription;
  }

  /** A row that was just committed; never waits. What finds no place is read from the journal. */
  void offer(Mapped row) {
    lock.lock();
    try {
      if (!live) {
        return;
      }
      if (queuedEvents + row.events().size() > QUEUED_EVENTS_MAX && queuedEvents > 0) {
        live = false;
        return;
      }
      queue.add(row);
      queuedEvents += row.events().size();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * An event that the journal does not have; never waits. Where many others wait before it, or the
   * endpoint is dead, it is lost: it says what is so at this moment.
   */
  void pass(GridEvent event) {
    lock.lock();
    try {
      if (!closing && !window.shut() && parcels.readyCount() < READY_MIN) {
        parcels.pass(event);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Somebody wrote rows that this courier has not seen. */
  void refresh() {
    lock.lock();
    try {
      refresh = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Decides anew: the clock was moved. */
  void look() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How a subscription stands now. */
  record Status(boolean failing, int failuresInRow, int waiting, int ready, boolean replaying) {}

  Status status() {
    lock.lock();
    try {
      return new Status(
          window.shut(),
          window.failures(),
          parcels.waitingCount(),
          parcels.readyCount(),
          parcels.replay() != null);
    } finally {
      lock.unlock();
    }
  }

  /** Ends when open requests have ended, and stores what is known then. */
  boolean close(Duration wait) {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      return thread.join(wait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What is to be done next. */
  private sealed interface Work {
    record Send(List<Parcel> batch) implements Work {}

    record Bury(Parcel parcel) implements Work {}

    record Read(Intake from) implements Work {}

    record Save() implements Work {}

    record Refresh() implements Work {}

    record Stop() implements Work {}
  }

  @Override
  public void run() {
    load();
    while (true) {
      try {
        switch (next()) {
          case Work.Send send -> Thread.ofVirtual().start(() -> send(send.batch()));
          case Work.Bury bury -> Thread.ofVirtual().start(() -> bury(bury.parcel()));
          case Work.Read read -> read(read.from());
          case Work.Save _ -> Thread.ofVirtual().start(this::save);
          case Work.Refresh _ -> merge();
          case Work.Stop _ -> {
            return;
          }
        }
      } catch (RuntimeException e) {
        log.error("deliveries to {} stumble", subscription.key().name(), e);
        pause(LOOK);
      }
    }
  }

  private void load() {
    while (true) {
      try {
        var key = subscription.key();
        parcels.begin(post.store().read(rows -> post.rows().positions(rows, key)));
        lastAttempt = post.store().read(rows -> post.rows().lastAttempt(rows, key));
        merge();
        return;
      } catch (RuntimeException e) {
        log.warn("deliveries to {} cannot begin now", subscription.key().name(), e);
        pause(LOOK);
        if (isClosing()) {
          return;
        }
      }
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration span) {
    var left = span.toNanos();
    lock.lock();
    try {
      while (!closing && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      closing = true;
    } finally {
      lock.unlock();
    }
  }

  /** Rows of the store that are not known here: events to deliver again, a replay. */
  private void merge() {
    var key = subscription.key();
    var retries = post.store().read(rows -> post.rows().retries(rows, key));
    var replays = post.store().read(rows -> post.rows().replays(rows, key));
    lock.lock();
    try {
      parcels.merge(retries, replays);
    } finally {
      lock.unlock();
    }
  }

  // Deciding.

  private Work next() {
    lock.lock();
    try {
      var work = decide(now());
      while (work == null) {
        changed.awaitNanos(patience());
        work = decide(now());
      }
      return work;
    } catch (InterruptedException _) {
      return new Work.Stop();
    } finally {
      lock.unlock();
    }
  }

  private long patience() {
    return parcels.slip().isEmpty() ? LOOK.toNanos() : SAVE.toNanos() / 4;
  }

  /** What is to be done now; null for nothing. */
  private @Nullable Work decide(Instant now) {
    if (closing) {
      return ending();
    }
    if (refresh && !saving) {
      refresh = false;
      return new Work.Refresh();
    }
    if (!parcels.slip().isFull()) {
      fill();
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
    return shouldSave() ? saved() : null;
  }

  private @Nullable Work ending() {
    if (sending > 0 || saving) {
      return null;
    }
    var stored = !parcels.news() && !parcels.intake().moved();
    return stored || unsaved ? new Work.Stop() : saved();
  }

  private Work saved() {
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
  private void fill() {
    while (parcels.readyCount() < READY_MIN && !queue.isEmpty()) {
      var row = queue.remove();
      queuedEvents -= row.events().size();
      parcels.take(parcels.intake(), row, now());
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

  // Doing, without the lock but where something changes.

  private void read(Intake from) {
    var until = from.isReplay() ? from.until() : post.source().heads();
    var rows =
        post.source().after(subscription.key().resource(), from.taken(), until, ROWS_AT_ONCE);
    lock.lock();
    try {
      rows.forEach(row -> parcels.take(from, row, now()));
      live = live || (!from.isReplay() && from.hasTaken(post.heard().get()));
    } finally {
      lock.unlock();
    }
    if (rows.isEmpty()) {
      // Either all is read, or the store is about to show what the dispatcher has heard.
      pause(SHORT);
    }
  }

  private void send(List<Parcel> batch) {
    var events = new ArrayList<GridEvent>();
    var sent = new ArrayList<Parcel>();
    var forgotten = new ArrayList<Parcel>();
    @Nullable Outcome outcome = null;
    var count = batch.getFirst().retry().attempts();
    try {
      for (var parcel : batch) {
        var event = event(parcel);
        if (event == null) {
          forgotten.add(parcel);
        } else {
          events.add(event);
          sent.add(parcel);
        }
      }
      if (!events.isEmpty()) {
        outcome = post.destination().deliver(subscription, events, count);
      }
    } catch (RuntimeException e) {
      log.error("an attempt to deliver to {} broke off", subscription.key().name(), e);
      sent.clear();
      forgotten.clear();
    }
    lock.lock();
    try {
      sending--;
      forgotten.forEach(this::forget);
      if (outcome != null && !sent.isEmpty()) {
        note(sent, events, count, outcome);
      } else if (forgotten.isEmpty()) {
        // Our own fault, or the store's: the same events again, a little later.
        batch.forEach(parcel -> parcels.again(parcel, now().plus(LOOK)));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable GridEvent event(Parcel parcel) {
    var known = parcel.event();
    if (known != null) {
      return known;
    }
    return post.source().find(subscription.key().resource(), parcel.id()).orElse(null);
  }

  private void note(List<Parcel> sent, List<GridEvent> events, int count, Outcome outcome) {
    if (post.config().attemptsMax() > 0) {
      var micros = Math.max(lastAttempt + 1, TimeUnit.MILLISECONDS.toMicros(now().toEpochMilli()));
      lastAttempt = micros;
      parcels
          .slip()
          .attempt(new Attempt(micros, outcome, count, events.size(), Attempt.ids(events)));
    }
    if (outcome.delivered()) {
      var wasShut = window.shut();
      window.succeeded();
      parcels.slip().count(new Counts(sent.size(), 0, 0, 0, 0));
      sent.forEach(parcels::settle);
      if (wasShut) {
        log.info("deliveries to {} go on", subscription.key().name());
        parcels.hurry(now());
      }
      return;
    }
    var silent =
        outcome.kind() == Outcome.Kind.UNCERTAIN || outcome.kind() == Outcome.Kind.UNREACHABLE;
    window.failed(silent);
    if (window.shut()) {
      probe = now().plus(Backoff.probe(window.failuresShut()));
    }
    parcels
        .slip()
        .count(new Counts(0, 1, outcome.kind() == Outcome.Kind.UNCERTAIN ? sent.size() : 0, 0, 0));
    sent.forEach(parcel -> parcels.failed(parcel, outcome, now()));
  }

  /** The journal has it no longer. */
  private void forget(Parcel parcel) {
    log.warn("event {} for {} is forgotten", parcel.id(), subscription.key().name());
    parcels.slip().count(new Counts(0, 0, 0, 0, 1));
    parcels.settle(parcel);
  }

  /** Gives an event up: into the dead letters where there is a place for them. */
  private void bury(Parcel parcel) {
    DeadLetter.@Nullable Entry entry = null;
    var done = true;
    try {
      var event = event(parcel);
      var wanted = subscription.settings().deadLetters().isPresent() && !parcel.isPassing();
      if (event != null && wanted) {
        var letter = new DeadLetter(event, parcel.retry(), parcel.retry().doomed(), now());
        entry = letter.entry(post.deadLetters().write(subscription, letter));
      }
    } catch (IOException | RuntimeException e) {
      log.error("a dead letter of {} cannot be written now", subscription.key().name(), e);
      done = false;
    }
    lock.lock();
    try {
      sending--;
      if (!done) {
        parcels.again(parcel, now().plus(DEAD_LETTER_AGAIN));
      } else if (entry != null) {
        parcels.slip().deadLetter(entry);
        parcels.slip().count(new Counts(0, 0, 0, 1, 0));
        parcels.settle(parcel);
      } else {
        parcels.slip().count(new Counts(0, 0, 0, 0, 1));
        parcels.settle(parcel);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void save() {
    DeliveryStore.Changes changes;
    lock.lock();
    try {
      changes = parcels.takeChanges();
    } finally {
      lock.unlock();
    }
    var key = subscription.key();
    try {
      post.store()
          .write(
              key.partition(),
              tx -> {
                post.rows().save(tx, key, changes);
                return true;
              });
      saved(null, changes);
    } catch (StoreUnavailable e) {
      log.warn("deliveries to {} cannot be noted now: {}", key.name(), e.getMessage());
      saved(e, changes);
    } catch (RuntimeException e) {
      log.error("deliveries to {} cannot be noted", key.name(), e);
      saved(e, changes);
    }
  }

  private void saved(@Nullable RuntimeException problem, DeliveryStore.Changes changes) {
    lock.lock();
    try {
      unsaved = problem != null;
      if (problem != null) {
        parcels.putBack(changes);
      }
      saving = false;
      savedAt = System.nanoTime();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private Instant now() {
    return post.clock().now(subscription.key().resource());
  }
}
