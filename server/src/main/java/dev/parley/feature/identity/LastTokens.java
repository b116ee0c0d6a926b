package dev.parley.feature.identity;

import dev.parley.base.store.SideBySide;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each user last got a token, written behind: issuing writes nothing, and one interval's
 * tokens of a user become one write.
 *
 * <p>This process sees the newest time at once; others, and this one after a crash, may see one
 * that is an interval older. While {@value #USERS_MAX} users wait to be written, further users'
 * times are not kept.
 */
final class LastTokens implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastTokens.class);
  private static final int USERS_MAX = 100_000;

  private final Duration interval;
  private final BiConsumer<UserKey, Instant> writer;
  private final Map<UserKey, Instant> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ReentrantLock writing = new ReentrantLock();

  LastTokens(Duration interval, BiConsumer<UserKey, Instant> writer) {
    this.interval = interval;
    this.writer = writer;
  }

  /** The user gets a token now. */
  void note(UserKey user, Instant at) {
    if (waiting.size() < USERS_MAX || waiting.containsKey(user)) {
      waiting.merge(user, at, LastTokens::later);
      if (scheduled.compareAndSet(false, true)) {
        Thread.ofVirtual().name("identity-last-tokens").start(this::writeLater);
      }
    }
  }

  /** The newer of what the store has and what still waits. */
  Optional<Instant> newest(StoredUser user) {
    var waits = Optional.ofNullable(waiting.get(user.key()));
    return user.lastTokenOn().isPresent() && waits.isPresent()
        ? Optional.of(later(user.lastTokenOn().get(), waits.get()))
        : waits.or(user::lastTokenOn);
  }

  /** Writes what waits. */
  @Override
  public void close() {
    closing.countDown();
    write();
  }

  private void writeLater() {
    try {
      while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        write();
        scheduled.set(false);
        if (waiting.isEmpty() || !scheduled.compareAndSet(false, true)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    writing.lock();
    try {
      var users = new ArrayList<>(waiting.entrySet());
      for (var from = 0; from < users.size(); from += SideBySide.ITEMS_MAX) {
        var to = Math.min(users.size(), from + SideBySide.ITEMS_MAX);
        SideBySide.each(
            users.subList(from, to),
            entry -> {
              var at = entry.getValue();
              writer.accept(entry.getKey(), at);
              waiting.remove(entry.getKey(), at);
            });
      }
    } catch (RuntimeException e) {
      // Nobody waits for these times; they stay and are written with the next ones.
      log.warn("The times of the last tokens could not be written: {}", e.toString());
    } finally {
      writing.unlock();
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
