package dev.parley;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.bus.NatsBus;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresStore;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.ResourceCopy;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreErasure;
import dev.parley.base.store.StoreSchema;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.HealthRoutes;
import dev.parley.base.wire.HttpServer;
import dev.parley.base.wire.KeySource;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.TlsDevelopmentCa;
import dev.parley.base.wire.TlsMaterial;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.access.Access;
import dev.parley.feature.calling.CallingFeature;
import dev.parley.feature.chat.ChatFeature;
import dev.parley.feature.directory.Directory;
import dev.parley.feature.events.EventsFeature;
import dev.parley.feature.identity.Identity;
import dev.parley.feature.manage.Backup;
import dev.parley.feature.manage.Listeners;
import dev.parley.feature.manage.Placement;
import dev.parley.feature.manage.Resources;
import dev.parley.feature.manage.UpkeepHttp;
import dev.parley.feature.media.MediaFeature;
import dev.parley.feature.numbers.NumbersFeature;
import dev.parley.feature.realtime.RealtimeFeature;
import dev.parley.feature.relay.Relay;
import dev.parley.feature.rooms.RoomsFeature;
import dev.parley.feature.samples.SamplesFeature;
import dev.parley.feature.siprouting.SipRouting;
import dev.parley.feature.sms.NumberSenders;
import dev.parley.feature.sms.SmsFeature;
import dev.parley.feature.usage.Usage;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes every room with {@code new}, starts them, and stops them in reverse. */
final class House implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(House.class);

  /** What is closed at the end, last made first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final HouseConfig config;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final ServiceClock serviceClock = _ -> clock.instant();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private volatile boolean announced;

  private House(HouseConfig config) {
    this.config = config;
  }

  /** A running house. */
  static House open(HouseConfig config) {
    var house = new House(config);
    try {
      house.start();
      return house;
    } catch (RuntimeException | Error e) {
      house.close();
      throw e;
    }
  }

  private Bus bus(Store store) {
    return config.bus().nats().isSet()
        ? new NatsBus(store, config.bus(), clock)
        : new LocalBus(store, config.bus(), clock);
  }

  private void start() {
    opened(config.folder().take());
    var masterKey = config.folder().masterKey();
    var masterKeys = LocalMasterKeys.of(config.masterKey(), masterKey, random);
    var sealer = new Sealer(masterKeys, random);
    var store = opened(store());
    var bus = opened(bus(store));
    var blobs = new FileBlobs(config.blobs());
    var outbound = opened(new OutboundHttp(config.outbound()));
    var outboundTcp = new OutboundTcp(config.outbound());
    var dueJobs = opened(new DueJobRows(store, serviceClock));
    var repeats = new RepeatRows(serviceClock);

    var resources = new Resources(config.manage(), store, sealer, copy(), blobs, clock, random);
    var directory = resources.register();
    var stores = new Placement(directory::dataLocation, Map.of(), store);
    KeySource keys = address -> outbound.get(address, Map.of()).body();
    var management =
        new ManagementRooms(config, store, bus, sealer, resources, keys, clock, random);
    management.features().forEach(this::opened);
    var identity =
        opened(
            new Identity(config.identity(), stores, directory, serviceClock, clock, random, keys));
    var chat =
        opened(
            new ChatFeature(
                config.chat(),
                stores,
                identity::exists,
                repeats,
                dueJobs,
                bus,
                blobs,
                serviceClock,
                random));
    var usage =
        opened(new Usage(store, bus, directory, name -> resources.get(name).resource().id()));
    var numbers =
        opened(new NumbersFeature(config.numbers(), store, bus, dueJobs, serviceClock, random));
    var sip = opened(new SipRouting(config.sip(), store));
    var media = opened(new MediaFeature(config.media(), clock, random, registry));
    var realtime =
        opened(
            new RealtimeFeature(
                config.realtime(),
                store,
                directory,
                identity.bearers(),
                chat.audience(),
                chat.details(),
                bus,
                clock,
                random,
                registry));
    var guard = new PageGuard(random, clock, House::printPageCode);
    var email =
        opened(
            new EmailRooms(
                config.email(),
                stores,
                store,
                bus,
                blobs,
                sealer,
                directory,
                management,
                name -> named(resources, name),
                config.outbound(),
                outboundTcp,
                this::tls,
                guard,
                serviceClock,
                clock,
                random));
    var sms =
        opened(
            new SmsFeature(
                config.sms(),
                _ -> store,
                new NumberSenders(numbers.numbers()),
                name ->
                    directory
                        .byHost(
                            name.isEmpty()
                                ? "localhost"
                                : name + "." + config.manage().baseDomain())
                        .map(Resource::id),
                dueJobs,
                outbound,
                outboundTcp,
                serviceClock,
                random));
    var rooms =
        opened(
            new RoomsFeature(config.rooms(), stores, repeats, dueJobs, bus, serviceClock, random));
    var calling =
        opened(
            new CallingFeature(
                config.calling(),
                stores,
                dueJobs,
                bus,
                identity.bearers(),
                rooms.rooms(),
                media.media(),
                sealer,
                serviceClock,
                clock,
                random));
    var relay =
        opened(new Relay(config.relay(), identity::exists, masterKeys.newest().secret(), clock));
    var samples = opened(new SamplesFeature(config.samples(), identity, guard));
    var events =
        opened(
            new EventsFeature(
                config.events(),
                new EventsFeature.Needs(
                    store,
                    bus,
                    List.of(chat.details(), email.details(), sms.details(), calling.details()),
                    chat.audience(),
                    outbound,
                    sealer,
                    management.arm(),
                    directory,
                    name -> named(resources, name),
                    management::deliveryToken,
                    serviceClock,
                    clock,
                    random)));
    // In the order in which a deleted resource's rows go: what refers to users before the users.
    var features =
        new ArrayList<Feature>(
            List.of(
                events, realtime, calling, chat, rooms, email, identity, sms, numbers, sip, relay,
                usage, media, samples));
    features.addAll(management.features());

    var operatorToken =
        Secret.of(Secret.random(random, 32).revealBase64().getBytes(StandardCharsets.US_ASCII));
    var routes = new ArrayList<Route>();
    routes.addAll(HealthRoutes.routes(registry, () -> isReady(store), config.openMetrics()));
    if (config.developer()) {
      routes.addAll(guard.routes());
    }
    routes.addAll(new UpkeepHttp(store, new Backup(store, blobs, masterKey)).routes());
    features.forEach(feature -> routes.addAll(feature.routes()));
    var server =
        opened(
            new HttpServer(
                config.wire(),
                tls(),
                routes,
                directory,
                management.bearers(identity.bearers()),
                clock,
                operatorToken,
                registry));

    var revocations = new Revocations(server.connections());
    bus.live(
        "connections",
        List.of(AdminEvent.class, IdentityEvent.class, ResourceEvent.class),
        row -> {
          // In this order: whoever is cut off finds the door closed when it comes again.
          resources.hear(row);
          identity.hear(row);
          revocations.hear(row);
        });
    features.forEach(Feature::start);
    measure();
    dueJobs.start();
    server.start();
    var holders = new ArrayList<Erasable>(features);
    holders.add(new StoreErasure(_ -> store));
    holders.add(id -> blobs.deleteAll(id, ""));
    var home = resources.start(server.mainPort(), listeners(server), holders);
    // The last that is opened is closed first: clients move while the server still answers.
    opened(realtime::drain);
    announce(server, operatorToken, features, home);
  }

  private static void printPageCode(String code) {
    System.out.println("The next code for pages: " + code);
  }

  /** A resource by name; the default one for empty text. */
  private Optional<ResourceId> named(Resources resources, String name) {
    try {
      var wanted = name.isEmpty() ? config.manage().defaultName() : name;
      return Optional.of(resources.get(wanted).resource().id());
    } catch (Refusal _) {
      return Optional.empty();
    }
  }

  /** Makes a room that is closed at the end. */
  private <T extends AutoCloseable> T opened(T room) {
    opened.push(room);
    return room;
  }

  /** The schema of all rooms; the order is fixed by what has been released. */
  static List<Migration> migrations() {
    var all = new ArrayList<Migration>();
    all.addAll(Resources.migrations());
    all.addAll(Identity.migrations());
    all.addAll(ChatFeature.migrations());
    all.addAll(RealtimeFeature.migrations());
    all.addAll(Usage.migrations());
    all.addAll(NumbersFeature.migrations());
    all.addAll(EmailRooms.migrations());
    all.addAll(Directory.migrations());
    all.addAll(Access.migrations());
    all.addAll(SipRouting.migrations());
    all.addAll(EventsFeature.migrations());
    all.addAll(SmsFeature.migrations());
    all.addAll(CallingFeature.migrations());
    all.addAll(RoomsFeature.migrations());
    return all;
  }

  private Store store() {
    return config
        .postgres()
        .<Store>map(postgres -> PostgresStore.open(postgres, migrations(), config.store()))
        .orElseGet(() -> new SqliteStore(config.folder().database(), migrations(), config.store()));
  }

  /** A copy of a resource takes along everything but what the house keeps about it. */
  private static ResourceCopy copy() {
    var left = new ArrayList<>(StoreSchema.OF_THE_HOUSE);
    left.addAll(Resources.tablesNotCopied());
    left.addAll(EventsFeature.tablesNotCopied());
    left.addAll(Usage.tablesNotCopied());
    left.addAll(SmsFeature.tablesNotCopied());
    left.addAll(CallingFeature.tablesNotCopied());
    left.addAll(NumbersFeature.tablesNotCopied());
    return new ResourceCopy(migrations(), Set.copyOf(left));
  }

  private TlsMaterial tls() {
    return config.tls().orElseGet(() -> developmentCa().material(clock.instant()));
  }

  private TlsDevelopmentCa developmentCa() {
    return new TlsDevelopmentCa(config.folder().tls(), random);
  }

  private boolean isReady(Store store) {
    return announced && store.read(rows -> rows.one("SELECT 1", row -> row.number(1))).isPresent();
  }

  private void measure() {
    new JvmMemoryMetrics().bindTo(registry);
    opened(new JvmGcMetrics()).bindTo(registry);
  }

  private static Listeners listeners(HttpServer server) {
    return new Listeners() {
      @Override
      public int open(ResourceId resource, int port) {
        return server.open(resource, port);
      }

      @Override
      public void close(ResourceId resource) {
        server.close(resource);
      }
    };
  }

  /** Tells launcher and developer where the house is; last of all, since they wait for it. */
  private void announce(
      HttpServer server,
      Secret operatorToken,
      List<Feature> features,
      Optional<Resources.Created> home) {
    var control = new LinkedHashMap<String, String>();
    control.put("port", Integer.toString(server.controlPort()));
    control.put("token", new String(operatorToken.reveal(), StandardCharsets.US_ASCII));
    config.folder().writeControl(control);
    if (config.developer() && home.isPresent()) {
      var created = home.get();
      config.folder().writeEnvironment(environment(server, features, created));
      System.out.println("Parley listens on " + created.resource().endpoint());
      System.out.println("Connection string: " + created.connectionString());
      System.out.println("Environment: ./parley env");
      for (var feature : features) {
        feature.greeting(created.resource()).forEach(System.out::println);
      }
    } else {
      System.out.println("Parley listens on port " + server.mainPort());
    }
    announced = true;
    log.info("started");
  }

  private Map<String, String> environment(
      HttpServer server, List<Feature> features, Resources.Created home) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("ACS_CONNECTION_STRING", home.connectionString());
    environment.put("ACS_ENDPOINT", home.resource().endpoint() + "/");
    environment.put("ACS_RESOURCE_NAME", home.resource().name());
    if (config.tls().isEmpty()) {
      environment.put("NODE_EXTRA_CA_CERTS", developmentCa().caCertificate().toString());
      environment.put("ACS_JAVA_TRUSTSTORE", developmentCa().trustStore().toString());
      environment.put("ACS_JAVA_TRUSTSTORE_PASSWORD", TlsDevelopmentCa.TRUST_STORE_PASSWORD);
    }
    if (server.plainPort() != 0) {
      environment.put("PARLEY_HTTP_ENDPOINT", "http://localhost:" + server.plainPort());
    }
    features.forEach(feature -> environment.putAll(feature.environment(home.resource())));
    return environment;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      var room = opened.pop();
      try {
        room.close();
      } catch (Exception e) {
        log.error("{} could not be closed", room.getClass().getSimpleName(), e);
      }
    }
  }
}
