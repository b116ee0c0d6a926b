package dev.parley.feature.realtime;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Details;
import dev.parley.base.bus.Hearer;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * The front door: hands what happened to the endpoints of those whom it concerns, and knows who is
 * connected.
 *
 * <p>An event is resolved and written once, whatever the number of its recipients. Everything for
 * all connections of an event loop goes out in one task, when no further event waits.
 */
final class Realtime implements Hearer {
  /** Endpoints whose place is noted at the end. */
  private static final int BEHIND_MAX = 20_000;

  private final RealtimeConfig config;
  private final ResourceDirectory resources;
  private final Audience audience;
  private final Details details;
  private final InstantSource clock;
  private final Endpoint.Receipts receipts;
  private final EventStreams streams;
  private final Map<Shard, Long> handed = new ConcurrentHashMap<>();
  private final Endpoints endpoints = new Endpoints();
  private final ArrayList<Endpoint> toFlush = new ArrayList<>();

  Realtime(
      RealtimeConfig config,
      ResourceDirectory resources,
      Audience audience,
      Details details,
      InstantSource clock,
      Endpoint.Receipts receipts,
      EventStreams streams) {
    this.config = config;
    this.resources = resources;
    this.audience = audience;
    this.details = details;
    this.clock = clock;
    this.receipts = receipts;
    this.streams = streams;
  }

  /** Begins to follow the journal; before the first row is heard. */
  void start(Map<Shard, Long> heads) {
    handed.putAll(heads);
  }

  @Override
  public void hear(JournalRow row) {
    take(row);
    handed.put(row.shard(), row.position());
  }

  private void take(JournalRow row) {
    streams.hear(row);
    var resource = row.partition().resource();
    switch (row.event()) {
      case ChatEvent _ -> tell(row, resource);
      case IdentityEvent.TokensRevoked revoked ->
          endLinks(resource, user -> user.id().rawId().equals(revoked.userId()), "revoked");
      case IdentityEvent.Deleted deleted -> {
        endLinks(resource, user -> user.id().rawId().equals(deleted.userId()), "deleted");
        for (var endpoint : endpoints.of(resource, deleted.userId())) {
          endpoints.removeDetached(endpoint);
        }
      }
      case ResourceEvent.KeyRegenerated key ->
          endLinks(
              resource,
              user -> user.origin().keySlot().equals(key.slot().name()),
              "The access key was regenerated.");
      case ResourceEvent.Deleted _, ResourceEvent.Reset _ -> {
        endLinks(resource, _ -> true, "The resource was deleted.");
        endpoints.all(resource).forEach(endpoints::removeDetached);
      }
      default -> {}
    }
  }

  private void tell(JournalRow row, ResourceId resource) {
    if (!endpoints.any(resource)) {
      return;
    }
    var receivers = receivers(resource, audience.of(row));
    if (receivers.isEmpty()) {
      return;
    }
    if (details.of(row).orElse(null) instanceof ChatDetail chat) {
      hand(receivers, notification(row, chat));
    }
  }

  /** An event of the journal as clients are sent it. */
  Notification notification(JournalRow row, ChatDetail chat) {
    return Notifications.of(chat, transaction(row), address(row.partition().resource())).of(row);
  }

  /** Up to where everything was handed to its endpoints. */
  StreamPosition handed() {
    return StreamPosition.of(handed);
  }

  /** Up to where everybody who is connected, or about to be, has acknowledged everything. */
  StreamPosition acknowledged() {
    var all = new HashMap<>(handed);
    endpoints.each(endpoint -> {
      if (endpoint.link() != null || endpoint.isUntold()) {
        lower(all, endpoint.owed());
      }
    });
    return StreamPosition.of(all);
  }

  /** The endpoints that something waits for, and up to where nothing does. */
  Map<Endpoint, StreamPosition> behind() {
    var behind = new HashMap<Endpoint, StreamPosition>();
    endpoints.each(endpoint -> {
      var owed = endpoint.owed();
      if (!owed.isEmpty() && behind.size() < BEHIND_MAX) {
        var all = new HashMap<>(handed);
        lower(all, owed);
        behind.put(endpoint, StreamPosition.of(all));
      }
    });
    return behind;
  }

  /** Back to before what is owed. */
  private static void lower(Map<Shard, Long> positions, Map<Shard, Long> owed) {
    owed.forEach((shard, oldest) -> positions.merge(shard, oldest - 1, Math::min));
  }

  /** What is worth knowing only now goes to those who are connected now. */
  void hear(Signal signal) {
    streams.hear(signal);
    if (!endpoints.any(signal.resource())) {
      return;
    }
    var receivers = receivers(signal.resource(), audience.of(signal));
    receivers.removeIf(endpoint -> endpoint.link() == null);
    if (receivers.isEmpty()) {
      return;
    }
    var notification =
        switch (signal) {
          case Signal.Typing typing -> Notifications.of(typing, shortId());
        };
    for (var endpoint : receivers) {
      endpoint.add(notification);
    }
    receivers.forEach(Endpoint::flush);
  }

  private List<Endpoint> receivers(ResourceId resource, List<String> userIds) {
    var receivers = new ArrayList<Endpoint>();
    for (var userId : userIds) {
      for (var endpoint : endpoints.of(resource, userId)) {
        receivers.add(endpoint);
      }
    }
    return receivers;
  }

  private void hand(List<Endpoint> receivers, Notification notification) {
    for (var endpoint : receivers) {
      endpoint.add(notification);
      toFlush.add(endpoint);
    }
  }

  /** Nothing more waits: what was queued goes out. Same thread as {@link #hear(JournalRow)}. */
  @Override
  public void pause() {
    toFlush.forEach(Endpoint::flush);
    toFlush.clear();
    streams.pause();
  }

  private String address(ResourceId resource) {
    return resources.byId(resource).map(Resource::endpoint).map(Object::toString).orElse("");
  }

  private static String transaction(JournalRow row) {
    return row.origin().requestId().isEmpty() ? shortId() : row.origin().requestId();
  }

  private static String shortId() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /**
   * The endpoint that somebody is about to connect.
   *
   * @throws dev.parley.base.words.Refusal 429 when the user has too many
   */
  Endpoint expect(Caller.User user, String epid) {
    var resource = user.resource();
    var userId = user.id().rawId();
    var endpoint =
        endpoints.findOrAdd(
            resource,
            userId,
            epid,
            config.endpointsMax(),
            () -> new Endpoint(resource, userId, epid, config, receipts));
    if (endpoint == null) {
      throw RealtimeProblems.tooManyEndpoints(config.endpointsMax());
    }
    return endpoint;
  }

  /** A connection stands: from now on the endpoint's events go there. */
  void attach(Link link) {
    link.endpoint().attach(link);
    endpoints.keep(link.endpoint());
    link.endpoint().flush();
  }

  /** The endpoint of that name, if it is known. */
  Optional<Endpoint> find(Caller.User user, String epid) {
    return Optional.ofNullable(endpoints.find(user.resource(), user.id().rawId(), epid));
  }

  /** The user has signed off: what waits for an endpoint without a connection is dropped. */
  void forget(Caller.User user, String epid) {
    find(user, epid).ifPresent(endpoints::removeDetached);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  private void endLinks(ResourceId resource, Predicate<Caller.User> whose, String reason) {
    for (var endpoint : endpoints.all(resource)) {
      for (var link : endpoint.links()) {
        if (whose.test(link.user())) {
          link.end(Link.Ending.UNAUTHORIZED, reason);
        }
      }
    }
  }

  /** Looks after every endpoint: what is over, silent or too slow ends. Once a second. */
  void sweep() {
    var now = clock.instant();
    endpoints.each(endpoint -> sweep(endpoint, now));
  }

  private void sweep(Endpoint endpoint, Instant now) {
    if (endpoint.detachedNanos() > config.catchUp().toNanos()) {
      endpoints.removeDetached(endpoint);
    }
    for (var link : endpoint.links()) {
      if (!link.expires().isAfter(now)) {
        link.end(Link.Ending.UNAUTHORIZED, "The token has expired.");
      } else if (link.silentNanos() > config.silence().toNanos()) {
        link.end(Link.Ending.SILENT, "The client is silent.");
      }
    }
    var link = endpoint.link();
    if (link != null && endpoint.overdue()) {
      link.end(Link.Ending.UNAVAILABLE, "The client does not acknowledge what it is sent.");
    }
    endpoint.flush();
  }
}
