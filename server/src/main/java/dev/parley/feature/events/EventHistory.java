package dev.parley.feature.events;

import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.store.JournalUpkeep;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The front door of the past: which events there were, what became of each at each subscription,
 * and delivering some once more. Content is what its feature still has.
 */
final class EventHistory {
  /** Journal rows that one question goes through at most; it says where the next one goes on. */
  static final int SCAN_ROWS_MAX = 20_000;

  private static final int PAGE_ROWS = 500;
  private static final int ATTEMPTS_SCANNED_MAX = 20_000;
  private static final int ATTEMPTS_PAGE = 500;

  /**
   * A place in the journal between two questions.
   *
   * @param positions the next question goes on behind these, or before them when it goes back
   */
  record Place(Map<Shard, Long> positions) {
    Place {
      positions = Map.copyOf(positions);
    }

    /** {@code 0.17-1.4} for shards 0 and 1. */
    String text() {
      var text = new StringBuilder();
      new TreeMap<Integer, Long>(numbered())
          .forEach((shard, position) ->
              text.append(text.isEmpty() ? "" : "-").append(shard).append('.').append(position));
      return text.toString();
    }

    private Map<Integer, Long> numbered() {
      var numbered = new HashMap<Integer, Long>();
      positions.forEach((shard, position) -> numbered.put(shard.number(), position));
      return numbered;
    }

    static Optional<Place> parse(String text) {
      var positions = new HashMap<Shard, Long>();
      if (!text.matches("(\\d{1,4}\\.\\d{1,18})(-\\d{1,4}\\.\\d{1,18}){0,99}")) {
        return Optional.empty();
      }
      for (var part : text.split("-", -1)) {
        var dot = part.indexOf('.');
        positions.put(
            new Shard(Integer.parseInt(part.substring(0, dot))),
            Long.parseLong(part.substring(dot + 1)));
      }
      return Optional.of(new Place(positions));
    }
  }

  /**
   * What a question found.
   *
   * @param place where the next one goes on
   * @param more whether something may be there
   * @param looked how many events were looked at
   */
  record Found(List<GridEvent> events, Place place, boolean more, long looked) {}

  private final Stores stores;
  private final JournalSource source;
  private final Subscriptions subscriptions;
  private final DeliveryStore rows;
  private final JournalUpkeep upkeep;
  private final ServiceClock clock;

  EventHistory(
      Stores stores,
      JournalSource source,
      Subscriptions subscriptions,
      DeliveryStore rows,
      JournalUpkeep upkeep,
      ServiceClock clock) {
    this.stores = stores;
    this.source = source;
    this.subscriptions = subscriptions;
    this.rows = rows;
    this.upkeep = upkeep;
    this.clock = clock;
  }

  /** The end of the journal, for following. */
  Place now() {
    return new Place(source.heads());
  }

  /** Before everything from that time on. */
  Place before(Instant time) {
    var positions = new HashMap<Shard, Long>();
    for (var shard : source.heads().keySet()) {
      positions.put(shard, upkeep.before(shard, time));
    }
    return new Place(positions);
  }

  /**
   * Events after a place, oldest first.
   *
   * @param until where to stop, for instance {@link #now}
   */
  Found after(
      ResourceId resource, Place from, Place until, Predicate<GridEvent> wanted, int limit) {
    var taken = new HashMap<>(from.positions());
    var found = new ArrayList<GridEvent>();
    var looked = 0L;
    var scanned = 0;
    while (found.size() < limit && scanned < SCAN_ROWS_MAX) {
      var page = source.after(resource, taken, until.positions(), PAGE_ROWS);
      if (page.isEmpty()) {
        return new Found(found, new Place(taken), false, looked);
      }
      for (var row : page) {
        if (found.size() >= limit) {
          break;
        }
        looked += row.events().size();
        row.events().stream().filter(wanted).forEach(found::add);
        taken.merge(row.shard(), row.position(), Math::max);
      }
      scanned += PAGE_ROWS;
    }
    found.sort(Comparator.comparing(GridEvent::time));
    return new Found(found, new Place(taken), true, looked);
  }

  /**
   * Events up to a place, newest first.
   *
   * @param from events before this time are left out
   */
  Found back(ResourceId resource, Place to, Instant from, Predicate<GridEvent> wanted, int limit) {
    var lower = before(from).positions();
    var upper = new HashMap<>(to.positions());
    var found = new ArrayList<GridEvent>();
    var looked = 0L;
    var scanned = 0;
    var more = true;
    while (found.size() < limit && scanned < SCAN_ROWS_MAX && more) {
      more = false;
      for (var shard : List.copyOf(upper.keySet())) {
        var last = upper.getOrDefault(shard, 0L);
        var first = Math.max(lower.getOrDefault(shard, 0L), last - PAGE_ROWS);
        if (first >= last) {
          continue;
        }
        more = true;
        scanned += PAGE_ROWS;
        var page = source.after(resource, Map.of(shard, first), Map.of(shard, last), PAGE_ROWS);
        for (var row : page.reversed()) {
          if (found.size() >= limit) {
            break;
          }
          looked += row.events().size();
          row.events().stream().filter(wanted).forEach(found::add);
          if (!row.events().isEmpty()) {
            upper.put(shard, row.position() - 1);
          }
        }
        if (found.size() < limit) {
          upper.put(shard, first);
        }
      }
    }
    found.sort(Comparator.comparing(GridEvent::time).reversed());
    return new Found(found, new Place(upper), more, looked);
  }

  /** One event with its content. */
  GridEvent get(ResourceId resource, String id) {
    return source.find(resource, id).orElseThrow(() -> EventsProblems.noEvent(id));
  }

  /**
   * Attempts to deliver to a subscription, newest first.
   *
   * @param eventId only those that may have held this event
   * @param failedOnly only those that did not deliver
   * @param before id of the attempt to go on from
   */
  List<Attempt> attempts(
      ResourceId resource,
      String name,
      Optional<String> eventId,
      boolean failedOnly,
      long before,
      int limit) {
    var key = subscriptions.get(resource, name).key();
    var ref = eventId.map(id -> EventIds.ref(id).orElseThrow(() -> EventsProblems.noEvent(id)));
    var found = new ArrayList<Attempt>();
    var last = before;
    for (var scanned = 0; scanned < ATTEMPTS_SCANNED_MAX && found.size() < limit; ) {
      var from = last;
      var page = stores.of(resource).read(all -> rows.attempts(all, key, from, ATTEMPTS_PAGE));
      if (page.isEmpty()) {
        break;
      }
      for (var attempt : page) {
        var fits =
            (!failedOnly || !attempt.outcome().delivered())
                && (ref.isEmpty() || attempt.mayHold(eventId.orElse(""), ref.get()));
        if (fits && found.size() < limit) {
          found.add(attempt);
        }
      }
      scanned += page.size();
      last = page.getLast().id();
    }
    return found;
  }

  /** Delivers one event once more to a subscription, filter or not. */
  void redeliver(ResourceId resource, String name, String eventId, Origin origin) {
    var key = subscriptions.get(resource, name).key();
    var event = get(resource, eventId);
    var now = clock.now(resource);
    stores
        .of(resource)
        .write(
            key.partition(),
            tx -> {
              rows.park(tx, key, Retry.now(event.id(), now));
              tx.publish(new SubscriptionEvent.Requested(key.name()), origin);
              return true;
            });
  }

  /**
   * Delivers what the subscription's filter wants of a time once more.
   *
   * @throws dev.parley.base.words.Refusal 409 while another replay to it runs
   */
  void replay(ResourceId resource, String name, Instant from, Instant to, Origin origin) {
    var key = subscriptions.get(resource, name).key();
    var begin = before(from).positions();
    var end = before(to).positions();
    stores
        .of(resource)
        .write(
            key.partition(),
            tx -> {
              if (!rows.replays(tx, key).isEmpty()) {
                throw EventsProblems.replayRuns();
              }
              end.forEach((shard, until) -> {
                var position = begin.getOrDefault(shard, 0L);
                if (position < until) {
                  rows.begin(tx, key, new DeliveryStore.Replay(shard, position, until));
                }
              });
              tx.publish(new SubscriptionEvent.Requested(key.name()), origin);
              return true;
            });
  }

  /**
   * How a subscription does.
   *
   * @param waiting events that wait for another attempt
   * @param behind journal rows that it has not gone through
   */
  record Standing(Counts counts, long waiting, long behind, boolean replaying) {}

  Standing standing(SubscriptionKey key) {
    var heads = source.heads();
    return stores
        .of(key.resource())
        .read(all -> {
          var positions = rows.positions(all, key);
          var behind =
              heads.entrySet().stream()
                  .mapToLong(head ->
                      head.getValue() - positions.getOrDefault(head.getKey(), head.getValue()))
                  .sum();
          return new Standing(
              rows.counts(all, key),
              rows.waiting(all, key),
              Math.max(0, behind),
              !rows.replays(all, key).isEmpty());
        });
  }
}
