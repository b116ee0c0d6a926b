package dev.parley.feature.events;

import dev.parley.base.bus.Signal;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.words.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of a resource, read from the journal. */
final class JournalSource {
  private static final Logger log = LoggerFactory.getLogger(JournalSource.class);

  private final Store store;
  private final EventMap map;

  JournalSource(Store store, EventMap map) {
    this.store = store;
    this.map = map;
  }

  /** The newest position of every shard. */
  Map<Shard, Long> heads() {
    return store.heads();
  }

  /**
   * Rows after the positions, oldest first in each shard: those of the resource, and for each shard
   * how far was read.
   *
   * @param until where reading ends; a shard that is missing there is not read
   */
  List<Mapped> after(
      ResourceId resource, Map<Shard, Long> taken, Map<Shard, Long> until, int rowsMax) {
    var found = new ArrayList<Mapped>();
    until.forEach((shard, last) -> {
      var from = taken.getOrDefault(shard, 0L);
      if (last > from) {
        var rows = store.journal(shard, from, rowsMax);
        for (var row : rows) {
          if (row.position() <= last && row.partition().resource().equals(resource)) {
            found.add(mapped(row));
          }
        }
        // Positions may be forgotten up to the first row, or the shard may be read to its end.
        var read = rows.isEmpty() ? last : Math.min(rows.getLast().position(), last);
        found.add(new Mapped(shard, read, List.of()));
      }
    });
    return found;
  }

  Mapped mapped(JournalRow row) {
    return new Mapped(row.shard(), row.position(), events(row));
  }

  /** What is worth knowing only now; the journal does not have it. */
  GridEvent event(Signal signal) {
    return map.of(signal);
  }

  /** A row that cannot be made into events is our fault, and must not hold up those after it. */
  List<GridEvent> events(JournalRow row) {
    try {
      return map.of(row);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      log.error(
          "no events can be made of shard {} position {}", row.shard().number(), row.position(), e);
      return List.of();
    }
  }

  /** An event by its id; empty when it is of another resource, or forgotten. */
  Optional<GridEvent> find(ResourceId resource, String id) {
    return EventIds.ref(id)
        .flatMap(ref -> store.journal(ref.shard(), ref.position() - 1, 1).stream().findFirst())
        .filter(row -> row.partition().resource().equals(resource))
        .flatMap(row -> events(row).stream().filter(event -> event.id().equals(id)).findFirst());
  }
}
