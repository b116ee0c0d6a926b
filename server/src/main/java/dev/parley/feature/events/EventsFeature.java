package dev.parley.feature.events;

import dev.parley.base.arm.Arm;
import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Details;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.kit.Sealer;
import dev.parley.base.store.JournalUpkeep;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The parts of events put together: routes, the dispatcher, erasure and upkeep. */
public final class EventsFeature implements Feature {
  private final Bus bus;
  private final Dispatcher dispatcher;
  private final EventsErasure erasure;
  private final EventsUpkeep upkeep;
  private final SystemTopics topics;
  private final List<Route> routes = new ArrayList<>();

  /**
   * What the room needs from others.
   *
   * @param details content of events, from each room that has some
   * @param audience whom they concern
   * @param named a resource by name; the default one for empty text
   * @param tokens signed tokens of deliveries
   */
  public record Needs(
      Store store,
      Bus bus,
      List<Details> details,
      Audience audience,
      OutboundHttp outbound,
      Sealer sealer,
      Arm arm,
      ResourceDirectory resources,
      Function<String, Optional<ResourceId>> named,
      DeliveryTokens tokens,
      ServiceClock serviceClock,
      InstantSource clock,
      SecureRandom random) {}

  public EventsFeature(EventsConfig config, Needs needs) {
    bus = needs.bus();
    var store = needs.store();
    Function<ResourceId, String> topicIds =
        resource ->
            EventTopics.of(needs.arm().places().idOf(resource).map(Object::toString).orElse(""));
    var map = new EventMap(all(needs.details()), needs.audience(), topicIds);
    var source = new JournalSource(store, map);
    var subscriptionRows = new SubscriptionStore(needs.sealer());
    var deliveryRows = new DeliveryStore();
    var box = new FileDeadLetters(config.deadLetters());
    var letters = new DeadLetters(_ -> store, new DeadLetterStore(), box);
    var tokens = new TokenCache(needs.tokens(), needs.clock());
    var webhooks = new Webhooks(needs.outbound(), config, tokens);
    var subscriptions =
        new Subscriptions(
            config,
            _ -> store,
            subscriptionRows,
            new Handshake(webhooks, needs.random()),
            webhooks,
            tokens,
            needs.serviceClock(),
            topicIds);
    var post =
        new Post(
            config,
            store,
            deliveryRows,
            source,
            webhooks,
            box,
            needs.serviceClock(),
            Map::of,
            Map::of);
    var journal = new JournalUpkeep(store);
    dispatcher =
        new Dispatcher(store, subscriptionRows, subscriptions, post, topicIds, needs.clock());
    erasure = new EventsErasure(_ -> store, subscriptionRows, letters);
    upkeep =
        new EventsUpkeep(
            config,
            store,
            subscriptionRows,
            deliveryRows,
            journal,
            dispatcher::needed,
            letters,
            needs.serviceClock(),
            needs.clock());
    var history =
        new EventHistory(
            _ -> store, source, subscriptions, deliveryRows, journal, needs.serviceClock());
    topics = new SystemTopics(_ -> store, subscriptions, needs.arm(), needs.clock());
    var topicRoutes = new SystemTopicHttp(topics, needs.arm());
    needs.arm().keeps(topicRoutes);
    routes.addAll(topicRoutes.routes());
    routes.addAll(new TopicTypeHttp(needs.arm()).routes());
    routes.addAll(
        new SubscriptionHttp(subscriptions, topics, needs.arm(), needs.resources()).routes());
    routes.addAll(
        new EventsHttp(history, subscriptions, dispatcher, letters, needs.named()).routes());
  }

  /** The first that knows the event's content has it. */
  private static Details all(List<Details> rooms) {
    return row -> rooms.stream().flatMap(room -> room.of(row).stream()).findFirst();
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return EventsSchema.MIGRATIONS;
  }

  /** Tables that a copy of a resource leaves behind. */
  public static List<String> tablesNotCopied() {
    return EventsSchema.TABLES;
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void start() {
    bus.durable(
        EventsErasure.HEARER,
        List.of(
            ChatEvent.MessageDeleted.class,
            ChatEvent.MessageEdited.class,
            ChatEvent.ThreadDeleted.class,
            IdentityEvent.Deleted.class),
        erasure);
    dispatcher.start(bus);
    upkeep.start();
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
    topics.forget(resource);
  }

  @Override
  public void close() {
    upkeep.close();
    dispatcher.close();
  }
}
