package dev.parley.feature.calling;

import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Details;
import dev.parley.base.event.CallEvent;
import dev.parley.base.event.EventDetail;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.event.RoomEvent;
import dev.parley.base.kit.Sealer;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.rooms.Rooms;
import dev.parley.media.Media;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of calling put together: its routes, what it hears, and who looks after it. */
public final class CallingFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(CallingFeature.class);

  private final Stores stores;
  private final DueJobs dueJobs;
  private final Bus bus;
  private final CallLog callLog;
  private final Calls calls;
  private final Sessions sessions;
  private final IncomingCalls front;
  private final CallStore rows = new CallStore();
  private final CountDownLatch closing = new CountDownLatch(1);

  public CallingFeature(
      CallingConfig config,
      Stores stores,
      DueJobs dueJobs,
      Bus bus,
      BearerVerifier bearers,
      Rooms rooms,
      Media media,
      Sealer sealer,
      ServiceClock clock,
      InstantSource edgeClock,
      SecureRandom random) {
    this.stores = stores;
    this.dueJobs = dueJobs;
    this.bus = bus;
    this.callLog = new CallLog(stores, dueJobs, clock, config.recordRetention());
    var context =
        new CallContext(
            config,
            clock,
            new Agents(),
            callLog,
            new IncomingContexts(sealer),
            rooms,
            media,
            random);
    this.calls = new Calls(context);
    this.sessions = new Sessions(context, calls, bearers, edgeClock);
    this.front = new IncomingCalls(calls, context);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return CallingSchema.MIGRATIONS;
  }

  /** Tables that a copy of a resource leaves alone: what happened stays where it happened. */
  public static List<String> tablesNotCopied() {
    return CallingSchema.TABLES;
  }

  /** What its events tell. */
  public Details details() {
    return row ->
        row.event() instanceof CallEvent event
            ? callLog.detail(row.partition().resource(), event).map(EventDetail.class::cast)
            : Optional.empty();
  }

  /** The front door, for server code. */
  public IncomingCalls calls() {
    return front;
  }

  @Override
  public List<Route> routes() {
    var routes = new ArrayList<>(new CallingHttp(sessions, stores).routes());
    routes.addAll(new IncomingCallsHttp(front).routes());
    return routes;
  }

  @Override
  public void start() {
    dueJobs.handle(
        CallLog.ORPHAN,
        (tx, partition, _) ->
            callLog.orphaned(
                tx,
                partition,
                calls
                    .find(partition.resource(), partition.value().substring("call:".length()))
                    .isPresent()));
    dueJobs.handle(CallLog.FORGET, (tx, partition, _) -> callLog.forget(tx, partition));
    bus.live(
        "calling",
        List.of(IdentityEvent.class, ResourceEvent.class, RoomEvent.class),
        sessions::hear);
    Thread.ofVirtual().name("calling-upkeep").start(this::lookAfter);
  }

  private void lookAfter() {
    try {
      while (!closing.await(1, TimeUnit.SECONDS)) {
        try {
          sessions.sweep();
        } catch (RuntimeException e) {
          log.error("the upkeep of calling failed", e);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    var store = stores.of(resource);
    while (true) {
      var some = store.read(all -> rows.any(all, resource));
      if (some.isEmpty()) {
        return;
      }
      store.write(
          CallStore.partition(resource, some.get()),
          tx -> {
            rows.forget(tx, resource, some.get());
            return true;
          });
    }
  }

  /** Calls are not ended: their clients come back to the next server and go on. */
  @Override
  public void close() {
    closing.countDown();
  }
}
