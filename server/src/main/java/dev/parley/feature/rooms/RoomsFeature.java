package dev.parley.feature.rooms;

import dev.parley.base.bus.Bus;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Repeats;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.util.List;

/** The parts of rooms put together: routes, what they hear, and what they do later. */
public final class RoomsFeature implements Feature {
  private final DueJobs dueJobs;
  private final Bus bus;
  private final ServiceClock clock;
  private final RoomEnding ending;
  private final RoomsErasure erasure;
  private final Rooms rooms;

  public RoomsFeature(
      RoomsConfig config,
      Stores stores,
      Repeats repeats,
      DueJobs dueJobs,
      Bus bus,
      ServiceClock clock,
      SecureRandom random) {
    this.dueJobs = dueJobs;
    this.bus = bus;
    this.clock = clock;
    this.ending = new RoomEnding(new RoomsStore(), dueJobs, config.endedKept());
    this.erasure = new RoomsErasure(stores);
    this.rooms = new Rooms(config, stores, repeats, dueJobs, clock, random);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return RoomsStore.MIGRATIONS;
  }

  /** The front door, for calling. */
  public Rooms rooms() {
    return rooms;
  }

  @Override
  public List<Route> routes() {
    return new RoomsHttp(rooms).routes();
  }

  @Override
  public void start() {
    dueJobs.handle(
        RoomEnding.FORGET,
        (tx, partition, _) -> ending.forget(tx, partition, clock.now(partition.resource())));
    bus.durable(RoomsErasure.HEARER, List.of(IdentityEvent.Deleted.class), erasure);
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
  }
}
