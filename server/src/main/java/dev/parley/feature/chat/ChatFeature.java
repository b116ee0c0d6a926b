package dev.parley.feature.chat;

import dev.parley.base.blob.Blobs;
import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Details;
import dev.parley.base.event.ChatEvent;
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
import java.util.stream.Stream;

/** The parts of chat put together: its routes, what it hears, and what it does later. */
public final class ChatFeature implements Feature {
  private final Stores stores;
  private final Users users;
  private final DueJobs dueJobs;
  private final Bus bus;
  private final ServiceClock clock;
  private final ChatErasure erasure;
  private final ChatAudience audience;
  private final ChatDetails details;
  private final List<Route> routes;

  public ChatFeature(
      ChatConfig config,
      Stores stores,
      Users users,
      Repeats repeats,
      DueJobs dueJobs,
      Bus bus,
      Blobs blobs,
      ServiceClock clock,
      SecureRandom random) {
    this.stores = stores;
    this.users = users;
    this.dueJobs = dueJobs;
    this.bus = bus;
    this.clock = clock;
    this.audience = new ChatAudience(stores);
    this.details = new ChatDetails(stores);
    this.erasure = new ChatErasure(stores, blobs, bus, clock);
    var chat = new Chat(config, stores, bus, clock);
    var threads = new ChatThreads(config, stores, users, repeats, dueJobs, bus, clock, random);
    var images = new ChatImages(stores, blobs, clock, random);
    this.routes =
        Stream.of(
                new ChatThreadHttp(threads).routes(),
                new ChatHttp(chat).routes(),
                new ChatImageHttp(images, config.imageBytesMax()).routes())
            .flatMap(List::stream)
            .toList();
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return ChatSchema.MIGRATIONS;
  }

  /** Whom a chat event or signal concerns, for hearers that know nothing of chat. */
  public Audience audience() {
    return audience;
  }

  /** What a chat event tells, for hearers that know nothing of chat. */
  public Details details() {
    return details;
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public void start() {
    var ending = new ThreadEnding(new ThreadStore(), dueJobs);
    dueJobs.handle(
        ThreadEnding.RETENTION,
        (tx, partition, _) -> ending.retain(tx, partition, clock.now(partition.resource())));
    dueJobs.handle(ThreadEnding.FORGET, (tx, partition, _) -> ending.forget(tx, partition));
    bus.durable(
        ThreadLists.HEARER,
        List.of(ChatEvent.ThreadCreated.class, ChatEvent.ParticipantsAdded.class),
        new ThreadLists(stores, users, clock, erasure::leave));
    bus.durable(
        ChatErasure.HEARER,
        List.of(ChatEvent.ThreadDeleted.class, IdentityEvent.Deleted.class),
        erasure);
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
  }
}
