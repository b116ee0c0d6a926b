package dev.parley.feature.realtime;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Details;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of real time put together: its routes, what it hears, and who looks after it. */
public final class RealtimeFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(RealtimeFeature.class);

  private final Bus bus;
  private final RealtimeConfig config;
  private final EventStreams streams;
  private final Realtime realtime;
  private final Connecting connecting;
  private final DirectConnecting direct;
  private final Handshakes handshakes = new Handshakes();
  private final Polls polls;
  private final Store store;
  private final Marks marks;
  private final CatchUp catchUp;
  private final List<Route> routes;
  private final CountDownLatch closing = new CountDownLatch(1);

  public RealtimeFeature(
      RealtimeConfig config,
      Store store,
      ResourceDirectory resources,
      BearerVerifier bearers,
      Audience audience,
      Details details,
      Bus bus,
      InstantSource clock,
      SecureRandom random,
      MeterRegistry registry) {
    this.config = config;
    this.bus = bus;
    this.store = store;
    var receipts = new RealtimeMetrics(registry);
    streams = new EventStreams(store, audience, details);
    realtime = new Realtime(config, resources, audience, details, clock, receipts, streams);
    receipts.watch(registry, realtime.endpoints());
    var tokens = new Tokens(bearers, resources);
    var allocations = new Allocations(resources, config, clock, random);
    marks = new Marks(store, allocations.node(), clock);
    catchUp = new CatchUp(config, store, audience, details, marks, clock);
    connecting = new Connecting(realtime, tokens, allocations, handshakes, catchUp, marks, clock);
    direct = new DirectConnecting(connecting, tokens, allocations);
    polls = new Polls(connecting, config);
    routes =
        new ArrayList<>(new RealtimeHttp(connecting, direct, polls, realtime, tokens).routes());
    routes.addAll(new ServerHttp(realtime, streams).routes());
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return Marks.MIGRATIONS;
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void start() {
    streams.start();
    realtime.start(store.heads());
    bus.live("realtime", realtime);
    bus.onSignal("realtime", realtime::hear);
    Thread.ofVirtual().name("realtime-upkeep").start(this::lookAfter);
  }

  private void lookAfter() {
    try {
      while (!closing.await(1, TimeUnit.SECONDS)) {
        try {
          realtime.sweep();
          direct.sweep();
          handshakes.sweep();
          polls.sweep();
          streams.sweep();
          catchUp.sweep();
          mark();
        } catch (RuntimeException e) {
          log.error("the upkeep of real time failed", e);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Moves the clients elsewhere before the server stops: takes no new ones, tells those who are
   * here little by little to connect anew, and waits for them a while.
   */
  public void drain() {
    connecting.drain();
    streams.closeAll();
    new Drain(realtime, config).run();
  }

  /** Nothing of it is stored. */
  @Override
  public void eraseAll(ResourceId resource) {}

  /** Notes how far everybody is; while nobody is here, there is nothing to note. */
  private void mark() {
    if (realtime.endpoints().count() > 0) {
      marks.mark(realtime::acknowledged);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    if (realtime.endpoints().count() > 0) {
      marks.mark(realtime::handed);
      marks.markBehind(realtime.behind());
    }
  }
}
