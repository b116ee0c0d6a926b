package dev.parley.feature.events;

import dev.parley.base.store.Shard;

/** Where an event stands in the journal. A row can be several events of the Event Grid. */
record EventRef(Shard shard, long position) {}
