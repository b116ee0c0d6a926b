package dev.parley.feature.events;

import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.events.Subscription.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door of event subscriptions. An endpoint gets events only after it has proven that it
 * wants them; a subscription begins with what happens after that.
 */
final class Subscriptions {
  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  /** How long the validation address can be opened; the service's own limit. */
  static final Duration VALIDATION = Duration.ofMinutes(10);

  private final EventsConfig config;
  private final Stores stores;
  private final SubscriptionStore rows;
  private final Handshake handshake;
  private final Webhooks webhooks;
  private final DeliveryTokens tokens;
  private final ServiceClock clock;
  private final Function<ResourceId, String> topics;

  Subscriptions(
      EventsConfig config,
      Stores stores,
      SubscriptionStore rows,
      Handshake handshake,
      Webhooks webhooks,
      DeliveryTokens tokens,
      ServiceClock clock,
      Function<ResourceId, String> topics) {
    this.config = config;
    this.stores = stores;
    this.rows = rows;
    this.handshake = handshake;
    this.webhooks = webhooks;
    this.tokens = tokens;
    this.clock = clock;
    this.topics = topics;
  }

  /**
   * Makes a subscription, or sets all of an existing one's settings; returns when the endpoint has
   * answered. An endpoint that was proven before is asked again only when its address or schema
   * changes.
   *
   * @throws Refusal 400 for settings that cannot be, and when the endpoint does not want events;
   *     then nothing is stored
   */
  Subscription put(Resource resource, String name, SubscriptionModel model, Origin origin) {
    var key = key(resource.id(), name);
    var settings = SubscriptionReader.read(name, model);
    check(resource, settings);
    var before = find(key);
    if (before.isEmpty() && list(resource.id()).size() >= config.subscriptionsMax()) {
      throw EventsProblems.tooManySubscriptions(config.subscriptionsMax());
    }
    var now = clock.now(resource.id());
    var kept = before.map(old -> withName(settings, old.settings().name())).orElse(settings);
    var wanted =
        new Subscription(
            key,
            kept,
            State.CREATING,
            Optional.of(new Subscription.Validation(handshake.code(), now.plus(VALIDATION))),
            before.map(Subscription::createdOn).orElse(now),
            before.map(Subscription::createdBy).orElse(origin.actor()),
            now,
            origin.actor());
    var proven = before.filter(old -> sameEndpoint(old, wanted)).isPresent();
    return store(
        proven ? wanted.with(State.SUCCEEDED, Optional.empty()) : asked(wanted, resource), origin);
  }

  /** Changes the settings that the update names. */
  Subscription patch(Resource resource, String name, SubscriptionModel update, Origin origin) {
    var before = get(resource.id(), name);
    var model = SubscriptionWriter.kept(before.settings()).patched(update);
    return put(resource, name, model, origin);
  }

  /** One subscription; a handshake whose time is over shows as failed. */
  Subscription get(ResourceId resource, String name) {
    return find(key(resource, name)).orElseThrow(() -> EventsProblems.noSubscription(name));
  }

  List<Subscription> list(ResourceId resource) {
    return stores.of(resource).read(all -> rows.list(all, resource)).stream()
        .map(this::seen)
        .toList();
  }

  /** Resources that have subscriptions. */
  List<ResourceId> resources() {
    return stores.of(ResourceId.HOUSE).read(all -> rows.all(all)).stream()
        .map(subscription -> subscription.key().resource())
        .distinct()
        .toList();
  }

  /**
   * Ends a subscription with everything that is kept about it, and tells its endpoint.
   *
   * @return whether it was there
   */
  boolean delete(ResourceId resource, String name, Origin origin) {
    var key = key(resource, name);
    var before = find(key);
    if (before.isEmpty()) {
      return false;
    }
    stores
        .of(resource)
        .write(
            key.partition(),
            tx -> {
              rows.delete(tx, key);
              tx.publish(new SubscriptionEvent.Deleted(key.name()), origin);
              return true;
            });
    if (before.get().state() == State.SUCCEEDED) {
      Thread.ofVirtual()
          .start(() ->
              handshake.tellDeletion(
                  before.get(), topics.apply(resource), config.deliveryDeadline()));
    }
    return true;
  }

  /** The whole address of the endpoint, secret included. */
  String fullUrl(ResourceId resource, String name) {
    return webhooks.url(get(resource, name).settings().endpoint()).toString();
  }

  /**
   * Someone has opened the validation address.
   *
   * @throws Refusal 404 when the code is not that of an open handshake
   */
  void validate(ResourceId resource, String name, String code) {
    var found =
        SubscriptionKey.of(resource, name)
            .flatMap(this::find)
            .filter(subscription -> opens(subscription, code));
    var subscription = found.orElseThrow(EventsProblems::noValidation);
    prove(subscription, Origin.service("events"));
  }

  private static boolean opens(Subscription subscription, String code) {
    return State.OPEN.contains(subscription.state())
        && subscription.validation().isPresent()
        && dev.parley.base.kit.Secret.of(code.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .matches(
                dev.parley.base.kit.Secret.of(
                    subscription
                        .validation()
                        .get()
                        .code()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private void check(Resource resource, Subscription.Settings settings) {
    if (settings.expired(clock.now(resource.id()))) {
      throw EventsProblems.expired();
    }
    var url = webhooks.url(settings.endpoint());
    var own = resource.endpoint();
    // Events that lead to events would never end.
    if (own.getHost() != null
        && own.getHost().equalsIgnoreCase(url.getHost())
        && port(own) == port(url)) {
      throw EventsProblems.ownUrl();
    }
    if (settings.endpoint() instanceof Endpoint.WebHook hook && hook.token().isPresent()) {
      var wish = hook.token().get();
      if (tokens.token(resource.id(), wish.tenantId(), wish.application()).isEmpty()) {
        throw EventsProblems.noTokens();
      }
    }
  }

  private static int port(java.net.URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "http".equalsIgnoreCase(address.getScheme()) ? 80 : 443;
  }

  private static boolean sameEndpoint(Subscription old, Subscription wanted) {
    return old.state() == State.SUCCEEDED
        && old.settings().schema() == wanted.settings().schema()
        && SubscriptionReader.sameAddress(old.settings().endpoint(), wanted.settings().endpoint());
  }

  /**
   * The subscription as it may be stored. The handshake goes on where it can: by the validation
   * address, whose code must be in the store before the endpoint gets it.
   */
  private Subscription asked(Subscription wanted, Resource resource) {
    var before = find(wanted.key());
    var origin = Origin.service("events");
    store(wanted, origin);
    var answer =
        handshake.ask(wanted, resource, topics.apply(resource.id()), config.deliveryDeadline());
    return switch (answer) {
      case Handshake.Answer.Proven _ -> wanted.with(State.SUCCEEDED, Optional.empty());
      case Handshake.Answer.Pending _ ->
          // It may have opened the address already.
          find(wanted.key())
              .filter(now -> now.state() == State.SUCCEEDED)
              .orElseGet(() -> wanted.with(State.AWAITING_MANUAL_ACTION, wanted.validation()));
      case Handshake.Answer.Refused refused -> {
        log.info("the endpoint of {} refuses: {}", wanted.key().name(), refused.why());
        takeBack(wanted.key(), before);
        throw EventsProblems.notValidated(
            SubscriptionWriter.base(webhooks.url(wanted.settings().endpoint()).toString()),
            refused.why());
      }
    };
  }

  private void takeBack(SubscriptionKey key, Optional<Subscription> before) {
    if (before.isPresent()) {
      store(before.get(), Origin.service("events"));
    } else {
      stores
          .of(key.resource())
          .write(
              key.partition(),
              tx -> {
                rows.delete(tx, key);
                tx.publish(new SubscriptionEvent.Deleted(key.name()), Origin.service("events"));
                return true;
              });
    }
  }

  private void prove(Subscription subscription, Origin origin) {
    store(subscription.with(State.SUCCEEDED, Optional.empty()), origin);
  }

  /** Stores it; one that is proven begins with what is committed from now on. */
  private Subscription store(Subscription subscription, Origin origin) {
    var store = stores.of(subscription.key().resource());
    var heads = store.heads();
    store.write(
        subscription.key().partition(),
        tx -> {
          rows.put(tx, subscription);
          if (subscription.state() == State.SUCCEEDED) {
            rows.begin(tx, subscription.key(), heads);
          }
          tx.publish(new SubscriptionEvent.Changed(subscription.key().name()), origin);
          return true;
        });
    return subscription;
  }

  private Optional<Subscription> find(SubscriptionKey key) {
    return stores.of(key.resource()).read(all -> rows.find(all, key)).map(this::seen);
  }

  private Subscription seen(Subscription subscription) {
    var late =
        State.OPEN.contains(subscription.state())
            && subscription.validation().isPresent()
            && !subscription
                .validation()
                .get()
                .until()
                .isAfter(clock.now(subscription.key().resource()));
    return late ? subscription.with(State.FAILED, Optional.empty()) : subscription;
  }

  private static Subscription.Settings withName(Subscription.Settings settings, String name) {
    return new Subscription.Settings(
        name,
        settings.endpoint(),
        settings.filter(),
        settings.schema(),
        settings.retry(),
        settings.deadLetters(),
        settings.labels(),
        settings.expires());
  }

  static SubscriptionKey key(ResourceId resource, String name) {
    return SubscriptionKey.of(resource, name).orElseThrow(EventsProblems::badName);
  }
}
