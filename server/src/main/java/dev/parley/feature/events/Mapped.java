package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import java.util.List;

/** A journal row as the events that it is; without any where only its position matters. */
record Mapped(Shard shard, long position, List<GridEvent> events) {
  Mapped {
    events = List.copyOf(events);
  }
}
