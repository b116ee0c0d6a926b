package dev.parley.feature.email;

import dev.parley.base.blob.Blobs;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.kit.ByteSource;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The front door of the queue, for deliverers. What was accepted lies here until an attempt ended;
 * an attempt that nobody finishes, since its process died, is due again when its claim ends. Safe
 * on every thread.
 */
public final class Outbox {
  private static final Origin ORIGIN = Origin.service("email");
  private static final int REPLY_MAX = 1000;

  private final Stores stores;
  private final Blobs blobs;
  private final Suppressions suppressions;
  private final ServiceClock clock;
  private final EmailStore messages = new EmailStore();
  private final OutboxStore rows = new OutboxStore();
  private final DomainStore domains = new DomainStore();
  private final List<Consumer<Place>> sleepers = new CopyOnWriteArrayList<>();

  /** What a resource has queued for a destination, the domain of its recipients. */
  public record Place(ResourceId resource, String destination) {
    /** Before all places. */
    public static final Place FIRST = new Place(new ResourceId(""), "");
  }

  /**
   * An attempt that is due.
   *
   * @param seen its due time as it was seen, epoch milliseconds
   */
  public record Due(MessageKey key, Place place, int number, long seen) {}

  Outbox(Stores stores, Blobs blobs, Suppressions suppressions, ServiceClock clock) {
    this.stores = stores;
    this.blobs = blobs;
    this.suppressions = suppressions;
    this.clock = clock;
  }

  /** Is told, on any thread and at once, where something was accepted. */
  public void onWork(Consumer<Place> sleeper) {
    sleepers.add(sleeper);
  }

  void accepted(NewMessage message) {
    var resource = message.key().resource();
    message.recipients().stream()
        .map(Addresses::domain)
        .distinct()
        .forEach(to -> sleepers.forEach(sleeper -> sleeper.accept(new Place(resource, to))));
  }

  /** The next place after another that has anything queued, in an order that stays. */
  public Optional<Place> placeAfter(Place place) {
    return stores
        .of(place.resource())
        .read(all -> rows.destinationAfter(all, place.resource(), place.destination()))
        .map(destination -> new Place(place.resource(), destination))
        .or(() -> firstAfter(place.resource()));
  }

  private Optional<Place> firstAfter(ResourceId resource) {
    var next = stores.of(resource).read(all -> rows.resourceAfter(all, resource.value()));
    return next.flatMap(found ->
        stores
            .of(found)
            .read(all -> rows.destinationAfter(all, found, ""))
            .map(destination -> new Place(found, destination)));
  }

  /** What is due for a destination, longest waiting first. */
  public List<Due> due(Place place, int limit) {
    var now = clock.now(place.resource());
    return stores.of(place.resource()).read(all -> rows.due(all, place, now, limit));
  }

  /**
   * Takes an attempt; empty when another deliverer has it, or when the recipient was suppressed
   * meanwhile.
   *
   * @param span how long nobody else may take it
   */
  public Optional<OutboxItem> claim(Due due, Duration span) {
    var key = due.key();
    var store = stores.of(key.resource());
    var until = clock.now(key.resource()).plus(span);
    if (!store.write(key.partition(), tx -> rows.claim(tx, due, until))) {
      return Optional.empty();
    }
    return read(key, due.number()).filter(this::isWanted);
  }

  private record Found(
      EmailStore.Stored message, EmailStore.Recipient recipient, Optional<byte[]> body) {}

  /** Message and recipient lie in one partition; the domain is another's. */
  private Optional<OutboxItem> read(MessageKey key, int number) {
    return stores
        .of(key.resource())
        .read(all -> {
          var message = messages.message(all, key);
          var recipient = messages.recipient(all, key, number);
          return message.isPresent() && recipient.isPresent()
              ? Optional.of(
                  new Found(
                      message.get(),
                      recipient.get(),
                      message.get().blob().isPresent()
                          ? Optional.empty()
                          : messages.body(all, key)))
              : Optional.<Found>empty();
        })
        .flatMap(found -> content(found).map(content -> item(key, number, found, content)));
  }

  /** Nothing, when another deliverer has ended it since it was claimed. */
  private Optional<ByteSource> content(Found found) {
    var message = found.message();
    return message.blob().isPresent()
        ? Optional.of(new Stored(message.key().resource(), message.blob().get(), message.size()))
        : found.body().map(ByteSource::of);
  }

  private final class Stored implements ByteSource {
    private final ResourceId resource;
    private final String blob;
    private final long size;

    Stored(ResourceId resource, String blob, long size) {
      this.resource = resource;
      this.blob = blob;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() throws IOException {
      return blobs
          .open(resource, blob)
          .orElseThrow(() -> new FileNotFoundException("the message is gone"));
    }
  }

  private OutboxItem item(MessageKey key, int number, Found found, ByteSource content) {
    var message = found.message();
    return new OutboxItem(
        key,
        number,
        message.sender(),
        domain(message),
        found.recipient().address(),
        found.recipient().destination(),
        found.recipient().attempts() - 1,
        found.recipient().last().isEmpty(),
        message.tracked(),
        message.accepted(),
        message.blob(),
        content);
  }

  private SenderDomain domain(EmailStore.Stored message) {
    return stores
        .of(message.service())
        .read(all -> domains.domain(all, message.service(), message.domainName()))
        .orElse(
            new SenderDomain(
                message.service(),
                message.domainName(),
                Addresses.domain(message.sender()),
                false));
  }

  private boolean isWanted(OutboxItem item) {
    var suppressed = suppressions.among(item.domain(), item.sender(), List.of(item.recipient()));
    if (suppressed.isEmpty()) {
      return true;
    }
    finish(item, new DeliveryOutcome.Ended(RecipientState.SUPPRESSED, "", "suppressed"));
    return false;
  }

  /** Writes down how an attempt ended; again without harm. */
  public void finish(OutboxItem item, DeliveryOutcome given) {
    var key = item.key();
    var outcome = shortened(given);
    var now = clock.now(key.resource());
    var last =
        stores.of(key.resource()).write(key.partition(), tx -> finished(tx, item, outcome, now));
    if (last) {
      item.blob().ifPresent(name -> blobs.delete(key.resource(), name));
    }
  }

  private boolean finished(Tx tx, OutboxItem item, DeliveryOutcome outcome, Instant now) {
    var first = item.untried() && rows.finishFirst(tx, item, outcome, now);
    if (first) {
      rows.tried(tx, item.key());
    } else if (!rows.finish(tx, item, outcome, now)) {
      return false;
    }
    if (!(outcome instanceof DeliveryOutcome.Ended ended)) {
      return false;
    }
    tx.publish(
        new EmailEvent.DeliveryReported(item.key().id(), item.number(), ended.state().word(), now),
        ORIGIN);
    var last = rows.closed(tx, item.key());
    if (last) {
      messages.deleteBody(tx, item.key());
    }
    return last;
  }

  private static DeliveryOutcome shortened(DeliveryOutcome outcome) {
    var reply = outcome.reply().replace('\0', ' ');
    var cut = reply.length() > REPLY_MAX ? reply.substring(0, REPLY_MAX) : reply;
    return switch (outcome) {
      case DeliveryOutcome.Ended ended ->
          new DeliveryOutcome.Ended(ended.state(), ended.host(), cut);
      case DeliveryOutcome.Later later ->
          new DeliveryOutcome.Later(later.again(), later.host(), cut);
    };
  }

  /**
   * What came back after the server had taken the message: that it bounced, or failed otherwise;
   * again without harm.
   */
  public void reported(MessageKey key, int number, RecipientState state, String words) {
    var now = clock.now(key.resource());
    var reply = words.length() > REPLY_MAX ? words.substring(0, REPLY_MAX) : words;
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              var revised = rows.revise(tx, key, number, state, reply);
              if (revised) {
                tx.publish(
                    new EmailEvent.DeliveryReported(key.id(), number, state.word(), now), ORIGIN);
              }
              return revised;
            });
  }

  /** A complaint, or that the recipient took the address off the list; suppresses it. */
  public void unwanted(MessageKey key, int number, String reason) {
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              var known = messages.recipient(tx, key, number).isPresent();
              if (known) {
                tx.publish(new EmailEvent.Unwanted(key.id(), number, reason), ORIGIN);
              }
              return known;
            });
  }
}
