package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.ServiceClock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What all couriers share.
 *
 * @param heard how far the dispatcher has heard: what follows, it will offer
 * @param offered how far everything that the dispatcher heard was offered
 */
record Post(
    EventsConfig config,
    Store store,
    DeliveryStore rows,
    JournalSource source,
    Destination destination,
    DeadLetterBox deadLetters,
    ServiceClock clock,
    Supplier<Map<Shard, Long>> heard,
    Supplier<Map<Shard, Long>> offered) {
  Post with(Supplier<Map<Shard, Long>> heardNow, Supplier<Map<Shard, Long>> offeredNow) {
    return new Post(
        config, store, rows, source, destination, deadLetters, clock, heardNow, offeredNow);
  }
}
