package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import dev.parley.base.store.StoreUnavailable;
import dev.parley.feature.events.Agenda.Work;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one subscription: takes rows of the journal as they come, sends their events, and
 * remembers what failed. One thread decides by the {@link Agenda}; requests run beside it, as many
 * as the {@link Window} lets.
 *
 * <p>The position is stored a few times a second with the attempts and the failed events in one
 * unit. After a crash events since the last unit are sent again, with the same ids. When the
 * endpoint is dead, new events stay in the journal, where they cost nothing.
 */
final class Courier implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final int ROWS_AT_ONCE = 64;
  private static final Duration SHORT = Duration.ofMillis(5);

  private final Post post;
  private final Subscription subscription;
  private final Agenda agenda;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  Courier(Post post, Subscription subscription) {
    this.post = post;
    this.subscription = subscription;
    this.agenda = new Agenda(post, subscription);
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
    tell(() -> agenda.offer(row));
  }

  /**
   * An event that the journal does not have; never waits. Where many others wait before it, or the
   * endpoint is dead, it is lost: it says what is so at this moment.
   */
  void pass(GridEvent event) {
    tell(() -> agenda.pass(event));
  }

  /** Somebody wrote rows that this courier has not seen. */
  void refresh() {
    tell(agenda::refresh);
  }

  /** Decides anew: the clock was moved. */
  void look() {
    tell(() -> {});
  }

  private void tell(Runnable news) {
    lock.lock();
    try {
      news.run();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private <T> T ask(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /** How a subscription stands now. */
  record Status(boolean failing, int failuresInRow, int waiting, int ready, boolean replaying) {}

  Status status() {
    return ask(agenda::status);
  }

  /** Ends when open requests have ended, and stores what is known then. */
  boolean close(Duration wait) {
    tell(agenda::close);
    try {
      return thread.join(wait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
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
        pause(Agenda.LOOK);
      }
    }
  }

  private Work next() {
    lock.lock();
    try {
      var work = agenda.decide(now());
      while (work == null) {
        changed.awaitNanos(agenda.patience());
        work = agenda.decide(now());
      }
      return work;
    } catch (InterruptedException _) {
      return new Work.Stop();
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration span) {
    var left = span.toNanos();
    lock.lock();
    try {
      while (!agenda.isClosing() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      agenda.close();
    } finally {
      lock.unlock();
    }
  }

  private void load() {
    while (true) {
      try {
        var stored = stored();
        tell(() -> {
          agenda.begin(stored.positions(), stored.lastAttempt());
          agenda.merge(stored.retries(), stored.replays());
        });
        return;
      } catch (RuntimeException e) {
        log.warn("deliveries to {} cannot begin now", subscription.key().name(), e);
        pause(Agenda.LOOK);
        if (ask(agenda::isClosing)) {
          return;
        }
      }
    }
  }

  /** Rows of the store that are not known here: events to deliver again, a replay. */
  private void merge() {
    var stored = stored();
    tell(() -> agenda.merge(stored.retries(), stored.replays()));
  }

  private record Stored(
      Map<Shard, Long> positions,
      long lastAttempt,
      List<Retry> retries,
      List<DeliveryStore.Replay> replays) {}

  /**
   * What is stored, in one snapshot: whoever delivered before may be storing what it knew last, and
   * an old position beside its new retries would make two deliveries of one event.
   */
  private Stored stored() {
    var key = subscription.key();
    var all = post.rows();
    return post.store()
        .read(rows ->
            new Stored(
                all.positions(rows, key),
                all.lastAttempt(rows, key),
                all.retries(rows, key),
                all.replays(rows, key)));
  }

  private void read(Intake from) {
    var until = from.isReplay() ? from.until() : post.source().heads();
    var rows =
        post.source().after(subscription.key().resource(), from.taken(), until, ROWS_AT_ONCE);
    tell(() -> agenda.taken(from, rows, now()));
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
      if (!sent.isEmpty()) {
        var count = sent.getFirst().retry().attempts();
        outcome = post.destination().deliver(subscription, events, count);
      }
    } catch (RuntimeException e) {
      log.error("an attempt to deliver to {} broke off", subscription.key().name(), e);
      tell(() -> agenda.notSent(batch, now()));
      return;
    }
    var answer = outcome;
    tell(() -> {
      forgotten.forEach(this::forget);
      if (answer == null) {
        agenda.nothingSent();
      } else if (agenda.sent(sent, events, answer, now())) {
        log.info("deliveries to {} go on", subscription.key().name());
      }
    });
  }

  private @Nullable GridEvent event(Parcel parcel) {
    var known = parcel.event();
    if (known != null) {
      return known;
    }
    return post.source().find(subscription.key().resource(), parcel.id()).orElse(null);
  }

  private void forget(Parcel parcel) {
    log.warn("event {} for {} is forgotten", parcel.id(), subscription.key().name());
    agenda.forget(parcel);
  }

  /** Gives an event up: into the dead letters where there is a place for them. */
  private void bury(Parcel parcel) {
    DeadLetter.@Nullable Entry entry = null;
    try {
      var event = event(parcel);
      var wanted = subscription.settings().deadLetters().isPresent() && !parcel.isPassing();
      if (event != null && wanted) {
        var letter = new DeadLetter(event, parcel.retry(), parcel.retry().doomed(), now());
        entry = letter.entry(post.deadLetters().write(subscription, letter));
      }
    } catch (IOException | RuntimeException e) {
      log.error("a dead letter of {} cannot be written now", subscription.key().name(), e);
      tell(() -> agenda.notBuried(parcel, now()));
      return;
    }
    var written = entry;
    tell(() -> agenda.buried(parcel, written));
  }

  private void save() {
    var key = subscription.key();
    var changes = ask(agenda::takeChanges);
    try {
      post.store()
          .write(
              key.partition(),
              tx -> {
                post.rows().save(tx, key, changes);
                return true;
              });
      tell(agenda::saved);
    } catch (StoreUnavailable e) {
      log.warn("deliveries to {} cannot be noted now: {}", key.name(), e.getMessage());
      tell(() -> agenda.notSaved(changes));
    } catch (RuntimeException e) {
      log.error("deliveries to {} cannot be noted", key.name(), e);
      tell(() -> agenda.notSaved(changes));
    }
  }

  private Instant now() {
    return post.clock().now(subscription.key().resource());
  }
}
