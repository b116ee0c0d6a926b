package dev.parley.feature.events;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.Details;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.JournalUpkeep;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Store;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.base.words.ThreadId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The room on a store, with chat events whose content a test decides. */
final class EventsHouse implements AutoCloseable {
  static final ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");
  static final ResourceId FABRIKAM = new ResourceId("22222222-bbbb-4000-8000-000000000002");
  static final Origin OPERATOR = new Origin("principal:operator", "", "r");
  static final String ANN = "8:acs:" + CONTOSO + "_ann";
  static final String BOB = "8:acs:" + CONTOSO + "_bob";
  static final String CAT = "8:acs:" + CONTOSO + "_cat";

  /** Both clocks, moved by hand. */
  static final class Clock implements InstantSource, ServiceClock {
    private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public Instant now(ResourceId resource) {
      return now;
    }

    void move(Duration span) {
      now = now.plus(span);
    }
  }

  final Clock clock;
  final Store store;
  final Subscriptions subscriptions;
  final EventHistory history;
  final Dispatcher dispatcher;
  final EventsErasure erasure;
  final EventsUpkeep upkeep;
  final DeadLetterStore letters = new DeadLetterStore();
  final Map<MessageId, String> texts;
  private final LocalBus bus;
  private final OutboundHttp outbound;
  private final AtomicLong messages = new AtomicLong();

  /** A server; a second one on the same store is the first after a restart. */
  EventsHouse(Store store, Clock clock, Path folder, Map<MessageId, String> texts, String... set) {
    this.store = store;
    this.clock = clock;
    this.texts = texts;
    var given = new ConcurrentHashMap<String, String>();
    for (var pair : set) {
      given.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    var settings = new Settings(given);
    var config = EventsConfig.of(settings, folder.resolve("dead-letters"));
    outbound = new OutboundHttp(OutboundConfig.of(settings, true));
    bus = new LocalBus(store, BusConfig.DEFAULT, clock);
    var random = new SecureRandom();
    var sealer = new Sealer(LocalMasterKeys.of("", folder.resolve("master.key"), random), random);
    var source = new JournalSource(store, new EventMap(details(), audience(), EventsHouse::topic));
    var rows = new SubscriptionStore(sealer);
    var deliveries = new DeliveryStore();
    var boxes = new FileDeadLetters(config.deadLetters());
    DeliveryTokens tokens =
        (_, tenant, application) ->
            tenant.equals("tenant") ? Optional.of("token-for-" + application) : Optional.empty();
    var webhooks = new Webhooks(outbound, config, tokens);
    subscriptions =
        new Subscriptions(
            config,
            _ -> store,
            rows,
            new Handshake(webhooks, random),
            webhooks,
            tokens,
            clock,
            EventsHouse::topic);
    var post =
        new Post(config, store, deliveries, source, webhooks, boxes, clock, Map::of, Map::of);
    dispatcher = new Dispatcher(store, rows, subscriptions, post, EventsHouse::topic, clock);
    var journal = new JournalUpkeep(store);
    var deadLetters = new DeadLetters(_ -> store, letters, boxes);
    erasure = new EventsErasure(_ -> store, rows, deadLetters);
    upkeep =
        new EventsUpkeep(
            config,
            store,
            rows,
            deliveries,
            journal,
            dispatcher::needed,
            deadLetters,
            clock,
            clock);
    history = new EventHistory(_ -> store, source, subscriptions, deliveries, journal, clock);
    bus.durable(EventsErasure.HEARER, erasure);
    dispatcher.start(bus);
  }

  static List<Migration> migrations() {
    return EventsFeature.migrations();
  }

  static Resource resource(ResourceId id) {
    return new Resource(id, "contoso", URI.create("https://localhost:8443"));
  }

  static String topic(ResourceId id) {
    return "/subscriptions/s/resourceGroups/g/providers/microsoft.communication/communicationservices/"
        + (id.equals(CONTOSO) ? "contoso" : "fabrikam");
  }

  /** Makes a subscription of Contoso. */
  Subscription subscribe(String name, String properties) {
    return subscriptions.put(resource(CONTOSO), name, model(properties), OPERATOR);
  }

  Subscription subscribe(String name, Receiver receiver) {
    return subscribe(name, webhook(receiver, ""));
  }

  /** Properties of a webhook, with more members behind. */
  static String webhook(Receiver receiver, String more) {
    return webhook(receiver, "", more);
  }

  static String webhook(Receiver receiver, String moreOfDestination, String more) {
    return "{\"destination\":{\"endpointType\":\"WebHook\",\"properties\":{\"endpointUrl\":\""
        + receiver.url()
        + "\""
        + moreOfDestination
        + "}}"
        + more
        + "}";
  }

  static SubscriptionModel model(String properties) {
    try {
      return dev.parley.base.kit.Json.mapper().readValue(properties, SubscriptionModel.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ann says something to Bob and Cat. */
  MessageId say(String text) {
    return say(CONTOSO, text);
  }

  MessageId say(ResourceId resource, String text) {
    var id = new MessageId(clock.millis() + messages.incrementAndGet());
    texts.put(id, text);
    publish(
        resource, new ChatEvent.MessageReceived(thread(), 1, id), new Origin(ANN, "PRIMARY", "tx"));
    return id;
  }

  void signal(Signal signal) {
    bus.signal(signal);
  }

  void publish(ResourceId resource, Event event, Origin origin) {
    store.write(
        new PartitionKey(resource, "thread:t"),
        tx -> {
          tx.publish(event, origin);
          return true;
        });
  }

  static ThreadId thread() {
    return new ThreadId("19:acsV1_t@thread.v2");
  }

  private Details details() {
    return row -> Optional.ofNullable(detail(row));
  }

  private EventDetail detail(JournalRow row) {
    return switch (row.event()) {
      case ChatEvent.MessageReceived received ->
          new ChatDetail.MessageReceived(thread(), message(received.message()));
      case ChatEvent.MessageEdited edited ->
          new ChatDetail.MessageEdited(thread(), message(edited.message()), edited.at());
      case ChatEvent.MessageDeleted deleted ->
          new ChatDetail.MessageDeleted(thread(), message(deleted.message()), deleted.at());
      default -> null;
    };
  }

  private ChatDetail.Message message(MessageId id) {
    return new ChatDetail.Message(
        id, "text", ANN, "Ann", texts.getOrDefault(id, ""), Map.of(), List.of(), id.value());
  }

  private static Audience audience() {
    return new Audience() {
      @Override
      public List<String> of(JournalRow row) {
        return row.event() instanceof ChatEvent ? List.of(ANN, BOB, CAT) : List.of();
      }

      @Override
      public List<String> of(Signal signal) {
        return List.of();
      }
    };
  }

  @Override
  public void close() {
    dispatcher.close();
    bus.close();
    try {
      outbound.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
