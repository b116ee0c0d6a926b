package dev.parley.base.bus;

import dev.parley.base.event.Event;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hearer at work: takes rows from its queue while they follow on each other, and from the
 * journal when they do not.
 *
 * <p>The queue is a short cut only. A row that found it full, or that another process wrote, leaves
 * a gap in the positions; the gap is read from the journal.
 */
final class Hearing implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Hearing.class);
  private static final Object LOOK = new Object();
  private static final int READ_ROWS = 500;
  private static final int WITH_CONTENT_MAX = 1_000;

  /** Rows between two pauses of the hearer. */
  private static final int AT_ONCE = 64;

  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  /**
   * What was heard since the last time is heard again after a crash; and other processes see by it
   * that this one has caught up.
   */
  private static final Duration SAVE = Duration.ofMillis(200);

  private final String name;
  private final List<Class<? extends Event>> events;
  private final Hearer hearer;
  private final Store store;
  private final @Nullable HearerPositions saved;
  private final Duration lease;

  /** Rows, and {@link #LOOK} to be woken for what is only in the journal. */
  private final ArrayBlockingQueue<Object> queue;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Map<Shard, Long> positions = new HashMap<>();
  private final Map<Shard, Long> heads = new HashMap<>();
  private final Thread thread;
  private volatile boolean closing;
  private boolean working;

  /** Positions that moved since they were saved. */
  private final Map<Shard, Long> unsaved = new HashMap<>();

  private int heard;
  private long savedAt;

  /**
   * A hearer's work, not yet begun.
   *
   * @param saved where a durable hearer keeps its place; null for a live one
   */
  Hearing(
      String name,
      List<Class<? extends Event>> events,
      Hearer hearer,
      Store store,
      @Nullable HearerPositions saved,
      BusConfig config) {
    this.name = name;
    this.events = List.copyOf(events);
    this.hearer = hearer;
    this.store = store;
    this.saved = saved;
    this.lease = config.lease();
    this.queue = new ArrayBlockingQueue<>(config.queueRows());
    this.working = saved == null;
    this.thread = Thread.ofVirtual().name("hearer-" + name).unstarted(this);
  }

  /** Begins; a live hearer hears what is committed after {@code start}. */
  void start(Map<Shard, Long> start) {
    positions.putAll(start);
    thread.start();
  }

  /**
   * Committed rows of this process; never waits. Behind a long queue rows go without their content,
   * so that a slow hearer does not hold the memory of all that was said meanwhile.
   */
  void offer(JournalRow row) {
    if (!hears(row.event()) && passBy(row)) {
      return;
    }
    if (!queue.offer(queue.size() < WITH_CONTENT_MAX ? row : row.bare())) {
      lock.lock();
      try {
        heads.merge(row.shard(), row.position(), Math::max);
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean hears(Event event) {
    for (var each : events) {
      if (each.isInstance(event)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A row that is not for this hearer moves its position; behind others it has to wait for them.
   */
  private boolean passBy(JournalRow row) {
    lock.lock();
    try {
      if (!working || row.position() != positions.getOrDefault(row.shard(), 0L) + 1) {
        return false;
      }
      moveTo(row);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** With the lock. */
  private void moveTo(JournalRow row) {
    positions.merge(row.shard(), row.position(), Math::max);
    if (saved != null) {
      unsaved.merge(row.shard(), row.position(), Math::max);
    }
    moved.signalAll();
  }

  /** How far the journal is, whoever wrote it. */
  void behind(Map<Shard, Long> journal) {
    var more = false;
    lock.lock();
    try {
      for (var head : journal.entrySet()) {
        heads.merge(head.getKey(), head.getValue(), Math::max);
        more |= head.getValue() > positions.getOrDefault(head.getKey(), 0L);
      }
    } finally {
      lock.unlock();
    }
    if (more && queue.isEmpty()) {
      // Where something waits the journal is looked at behind it.
      queue.offer(LOOK);
    }
  }

  /** Waits until everything up to the positions was heard, by whichever process. */
  boolean reached(Map<Shard, Long> target, Duration wait) {
    behind(target);
    var end = System.nanoTime() + wait.toNanos();
    lock.lock();
    try {
      while (!passed(known(), target)) {
        // Another process may be the one that moves, so the wait is never long.
        var left = Math.min(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(50));
        if (left <= 0 || closing) {
          return false;
        }
        var _ = moved.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Positions in memory while this process works; the stored ones while another does. */
  private Map<Shard, Long> known() {
    return working || saved == null ? positions : saved.load();
  }

  private static boolean passed(Map<Shard, Long> positions, Map<Shard, Long> target) {
    return target.entrySet().stream()
        .allMatch(entry -> positions.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
  }

  @Override
  public void run() {
    while (!closing) {
      try {
        if (!mayWork()) {
          queue.clear();
          pause(lease.dividedBy(4));
          continue;
        }
        var row = queue.poll(SAVE.toMillis() / 2, TimeUnit.MILLISECONDS);
        if (row instanceof JournalRow fresh) {
          accept(fresh);
        }
        if (queue.isEmpty()) {
          readGaps();
        }
        if (heard > 0 && (queue.isEmpty() || heard >= AT_ONCE)) {
          letPause();
        }
        save(queue.isEmpty());
      } catch (InterruptedException _) {
        break;
      } catch (RuntimeException e) {
        log.error("hearer {} cannot go on now", name, e);
        pause(PAUSE_MIN.multipliedBy(10));
      }
    }
    leave();
  }

  private boolean mayWork() {
    if (working || saved == null) {
      return true;
    }
    if (!saved.keep(Map.of())) {
      return false;
    }
    var place = saved.load();
    lock.lock();
    try {
      positions.clear();
      positions.putAll(place);
      unsaved.clear();
      working = true;
    } finally {
      lock.unlock();
    }
    savedAt = System.nanoTime();
    behind(store.heads());
    return true;
  }

  private void accept(JournalRow row) {
    var last = position(row.shard());
    if (row.position() == last + 1) {
      hear(row);
    } else if (row.position() > last) {
      readUpTo(row.shard(), row.position());
    }
  }

  private void readGaps() {
    for (var head : snapshot().entrySet()) {
      if (head.getValue() > position(head.getKey())) {
        readUpTo(head.getKey(), head.getValue());
      }
    }
  }

  private void readUpTo(Shard shard, long position) {
    while (!closing && position(shard) < position) {
      var rows = store.journal(shard, position(shard), READ_ROWS);
      if (rows.isEmpty()) {
        return;
      }
      for (var row : rows) {
        if (closing || !working) {
          return;
        }
        hear(row);
        save(false);
      }
      letPause();
    }
  }

  private void letPause() {
    heard = 0;
    try {
      hearer.pause();
    } catch (RuntimeException e) {
      log.error("hearer {} failed in a pause", name, e);
    }
  }

  /** Hears one row; a durable hearer that throws gets it again, a live one loses it. */
  private void hear(JournalRow row) {
    var pause = PAUSE_MIN;
    heard++;
    while (hears(row.event())) {
      try {
        hearer.hear(row);
        break;
      } catch (RuntimeException e) {
        log.error(
            "hearer {} failed on shard {} position {}",
            name,
            row.shard().number(),
            row.position(),
            e);
        if (saved == null) {
          break;
        }
        pause(pause);
        if (closing) {
          return;
        }
        save(true);
        pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
      }
    }
    lock.lock();
    try {
      moveTo(row);
    } finally {
      lock.unlock();
    }
  }

  /** Keeps place and lease: soon when nothing else is to do, and well before the lease ends. */
  private void save(boolean idle) {
    if (saved == null || !working) {
      return;
    }
    var age = Duration.ofNanos(System.nanoTime() - savedAt);
    var due = age.compareTo(lease.dividedBy(4)) > 0;
    if (due || (idle && age.compareTo(SAVE) > 0 && !unsaved().isEmpty())) {
      if (!saveMoved(saved)) {
        log.warn("another process works for hearer {} now", name);
        setWorking(false);
        return;
      }
      savedAt = System.nanoTime();
    }
  }

  /** What moves meanwhile is saved the next time. */
  private boolean saveMoved(HearerPositions place) {
    var now = unsaved();
    if (!place.keep(now)) {
      return false;
    }
    lock.lock();
    try {
      now.forEach(unsaved::remove);
    } finally {
      lock.unlock();
    }
    return true;
  }

  private Map<Shard, Long> unsaved() {
    lock.lock();
    try {
      return Map.copyOf(unsaved);
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    if (saved != null && working) {
      try {
        saveMoved(saved);
        saved.release();
      } catch (RuntimeException e) {
        log.warn("hearer {} will hear some events again", name, e);
      }
    }
  }

  private void setWorking(boolean now) {
    lock.lock();
    try {
      working = now;
    } finally {
      lock.unlock();
    }
  }

  private long position(Shard shard) {
    lock.lock();
    try {
      return positions.getOrDefault(shard, 0L);
    } finally {
      lock.unlock();
    }
  }

  private Map<Shard, Long> snapshot() {
    lock.lock();
    try {
      return Map.copyOf(heads);
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration time) {
    var left = time.toNanos();
    lock.lock();
    try {
      while (!closing && left > 0) {
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      closing = true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the row in hand. */
  void close() {
    lock.lock();
    try {
      closing = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
