package dev.parley.feature.email.delivery;

import dev.parley.feature.email.Outbox;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What waits in memory for one destination, and what of it is on its way. Guarded by itself. */
final class Lane {
  private record Place(String resource, String id, int number) {
    static Place of(Outbox.Due due) {
      return new Place(due.key().resource().value(), due.key().id(), due.number());
    }
  }

  /** Waiting in memory, for each attempt at once. */
  private static final int WAITING = 4;

  private final int atOnce;
  private final Deque<Outbox.Due> waiting = new ArrayDeque<>();
  private final Set<Place> known = new HashSet<>();
  private Instant closedUntil = Instant.MIN;
  private int failures;
  private double tokens;
  private long refilled;

  Lane(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Half empty at least, so that the store is asked for many at once. */
  synchronized boolean isLow() {
    return waiting.size() <= WAITING * atOnce / 2;
  }

  /** How many more may wait. */
  synchronized int room() {
    return Math.max(0, WAITING * atOnce - waiting.size());
  }

  /** Adds what it does not hold already; false when it did. */
  synchronized boolean add(Outbox.Due due) {
    if (!known.add(Place.of(due))) {
      return false;
    }
    waiting.add(due);
    return true;
  }

  /** Attempts in memory, waiting or on their way. */
  synchronized int held() {
    return known.size();
  }

  private int onTheWay() {
    return known.size() - waiting.size();
  }

  /** The next to be tried, as far as the bounds let it. */
  synchronized Outbox.@Nullable Due next(DeliveryConfig config, Instant now) {
    if (waiting.isEmpty()
        || onTheWay() >= atOnce
        || now.isBefore(closedUntil)
        || !mayGo(config.perMinute())) {
      return null;
    }
    return waiting.poll();
  }

  private boolean mayGo(int perMinute) {
    if (perMinute == 0) {
      return true;
    }
    var now = System.nanoTime();
    if (refilled == 0) {
      tokens = perMinute;
    }
    var minutes = refilled == 0 ? 0 : (double) (now - refilled) / TimeUnit.MINUTES.toNanos(1);
    tokens = Math.min(perMinute, tokens + minutes * perMinute);
    refilled = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  synchronized void done(Outbox.Due due) {
    known.remove(Place.of(due));
  }

  /** The destination answered. */
  synchronized void up() {
    failures = 0;
  }

  /** The destination is out of reach: what waits in memory goes back to the store. */
  synchronized void down(BackOff backOff, Instant now) {
    failures++;
    closedUntil = backOff.next(now, failures);
    waiting.forEach(due -> known.remove(Place.of(due)));
    waiting.clear();
  }

  synchronized boolean isClosed(Instant now) {
    return now.isBefore(closedUntil);
  }

  synchronized boolean isIdle(Instant now) {
    return known.isEmpty() && !now.isBefore(closedUntil);
  }
}
