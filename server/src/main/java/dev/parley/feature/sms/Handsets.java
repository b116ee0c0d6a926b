package dev.parley.feature.sms;

import dev.parley.base.kit.Json;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.CarrierConfig;
import dev.parley.feature.sms.carrier.CarrierListener;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.Outcome;
import dev.parley.feature.sms.carrier.Receipt;
import dev.parley.feature.sms.carrier.Submission;
import dev.parley.protocol.sms.SegmentedText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The handset network of the developer profile: a carrier whose handsets are rows. Each handset
 * takes what it is sent, answers with a receipt, and behaves as it was told to.
 */
final class Handsets implements Carrier {
  static final String NAME = "handsets";
  static final String LATE_RECEIPT = "sms.handset-receipt";
  static final String RETENTION = "sms.handset-retention";
  private static final String PARTITION = "handset:";
  private static final int AT_ONCE = 500;
  private static final int WINDOW = 64;
  private static final Duration LOOK = Duration.ofMillis(200);

  /**
   * How a handset behaves.
   *
   * @param deliveryCode the service's code that its messages end with; those that are not delivered
   *     never reach the inbox
   * @param delayMillis messages and receipts come so much later
   */
  record Behaviour(int deliveryCode, long delayMillis) {
    static final Behaviour USUAL = new Behaviour(DeliveryCode.DELIVERED.number(), 0);
  }

  /** What is asked of the inbox. */
  record Search(String to, @Nullable String from, @Nullable String after, int limit) {}

  private final SmsConfig config;
  private final Stores stores;
  private final DueJobs dueJobs;
  private final ServiceClock clock;
  private final Marks marks;
  private final HandsetStore rows = new HandsetStore();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private @Nullable CarrierListener listener;

  /** Counts what came, so that a waiter sees what came between its look and its wait. */
  private final AtomicLong deliveries = new AtomicLong();

  Handsets(SmsConfig config, Stores stores, DueJobs dueJobs, ServiceClock clock, Marks marks) {
    this.config = config;
    this.stores = stores;
    this.dueJobs = dueJobs;
    this.clock = clock;
    this.marks = marks;
  }

  /** Its numbers, cheaper than any other way to them. */
  static CarrierConfig.Reach reach(SmsConfig config) {
    var costs = new LinkedHashMap<String, Double>();
    config.handsetPrefixes().forEach(prefix -> costs.put(prefix, -1.0));
    return new CarrierConfig.Reach(costs, List.of());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void start(CarrierListener hears) {
    listener = hears;
    dueJobs.handle(
        LATE_RECEIPT,
        (tx, partition, detail) -> {
          var late = Json.read(detail, Late.class);
          var key =
              new SenderKey(partition.resource(), partition.value().substring("sms:".length()));
          var code = DeliveryCode.of(late.code()).orElse(DeliveryCode.UNKNOWN);
          for (var part = 0; part < late.segments(); part++) {
            var id = CarrierIds.stored(late.messageId() + "-" + part);
            marks.receipt(
                tx, new Marks.Placed(new PartPlace(key, late.messageId(), NAME, id), code));
          }
        });
    dueJobs.handle(
        RETENTION,
        (tx, partition, _) ->
            retain(tx, partition, partition.value().substring(PARTITION.length())));
  }

  /** Texts are kept as long in the inbox as elsewhere, and the messages go with them. */
  private void retain(Tx tx, PartitionKey partition, String handset) {
    var resource = partition.resource();
    var now = clock.now(resource);
    var kept = config.bodyRetention().isZero() ? config.historyRetention() : config.bodyRetention();
    if (rows.forget(tx, resource, handset, now.minus(kept), AT_ONCE)) {
      dueJobs.schedule(tx, partition, RETENTION, "more", now, "");
    } else if (rows.any(tx, resource, handset)) {
      Upkeep.scheduleDaily(dueJobs, tx, partition, RETENTION, now);
    }
  }

  private record Late(String messageId, int segments, int code) {}

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public int window() {
    return WINDOW;
  }

  @Override
  public int perSecond() {
    return 0;
  }

  @Override
  public boolean receipts() {
    return true;
  }

  @Override
  public Outcome submit(Submission submission) {
    var segments = SegmentedText.of(submission.text()).segments();
    var resource = submission.resource();
    var store = stores.of(resource);
    var behaviour = behaviour(resource, submission.to());
    var code = DeliveryCode.of(behaviour.deliveryCode()).orElse(DeliveryCode.UNKNOWN);
    var at = clock.now(resource).plusMillis(behaviour.delayMillis());
    if (code.delivered()) {
      var partition = partition(resource, submission.to());
      store.write(
          partition,
          tx -> {
            rows.insert(tx, resource, submission, segments, at);
            Upkeep.scheduleDaily(dueJobs, tx, partition, RETENTION, clock.now(resource));
            return true;
          });
      tellWaiters();
    }
    if (behaviour.delayMillis() > 0) {
      receiptLater(submission, segments, code, at);
    } else {
      var hears = listener;
      Thread.ofVirtual()
          .name("sms-handset")
          .start(() -> {
            for (var id : carrierIds(submission, segments)) {
              if (hears != null) {
                hears.receipt(NAME, new Receipt(id, List.of(submission.to()), code));
              }
            }
          });
    }
    return new Outcome.Accepted(carrierIds(submission, segments));
  }

  private static List<String> carrierIds(Submission submission, int segments) {
    return IntStream.range(submission.firstSegment(), segments)
        .mapToObj(part -> submission.messageId() + "-" + part)
        .toList();
  }

  private void receiptLater(Submission submission, int segments, DeliveryCode code, Instant at) {
    var key = new SenderKey(submission.resource(), submission.from());
    var late = new Late(submission.messageId(), segments, code.number());
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              dueJobs.schedule(
                  tx, key.partition(), LATE_RECEIPT, submission.messageId(), at, Json.text(late));
              return true;
            });
  }

  private void tellWaiters() {
    lock.lock();
    try {
      deliveries.incrementAndGet();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How a handset behaves. */
  Behaviour behaviour(ResourceId resource, String handset) {
    return stores
        .of(resource)
        .read(all -> rows.behaviour(all, resource, handset))
        .orElse(Behaviour.USUAL);
  }

  /** Tells a handset how to behave from now on. */
  void behave(ResourceId resource, String handset, Behaviour behaviour) {
    stores
        .of(resource)
        .write(
            partition(resource, handset),
            tx -> {
              rows.behave(tx, resource, handset, behaviour);
              return true;
            });
  }

  /**
   * What handsets got, newest first. Where there is nothing, waits for the first.
   *
   * @param wait at most so long
   */
  List<HandsetMessage> inbox(ResourceId resource, Search search, Duration wait) {
    var end = System.nanoTime() + wait.toNanos();
    while (true) {
      var seen = deliveries.get();
      var found =
          stores.of(resource).read(all -> rows.inbox(all, resource, search, clock.now(resource)));
      var left = end - System.nanoTime();
      if (!found.isEmpty() || left <= 0) {
        return found;
      }
      await(seen, Math.min(left, LOOK.toNanos()));
    }
  }

  /** Woken by what this process delivers; a short wait covers other processes and slow handsets. */
  private void await(long seen, long nanos) {
    lock.lock();
    try {
      var left = nanos;
      while (deliveries.get() == seen && left > 0) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Empties the inbox of one handset, or of a range that ends with a star; how many went. */
  int clear(ResourceId resource, String to) {
    var count = 0;
    while (true) {
      var some = inbox(resource, new Search(to, null, null, 200), Duration.ZERO);
      if (some.isEmpty()) {
        return count;
      }
      var byHandset = new LinkedHashMap<String, List<HandsetMessage>>();
      some.forEach(one ->
          byHandset.merge(
              one.to(),
              List.of(one),
              (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList()));
      for (Map.Entry<String, List<HandsetMessage>> entry : byHandset.entrySet()) {
        stores
            .of(resource)
            .write(
                partition(resource, entry.getKey()),
                tx -> {
                  entry
                      .getValue()
                      .forEach(one -> rows.delete(tx, resource, entry.getKey(), one.id()));
                  return true;
                });
      }
      count += some.size();
    }
  }

  /** Whether the network answers for the number. */
  boolean has(String number) {
    return Senders.isNumber(number)
        && config.handsetPrefixes().stream().anyMatch(number::startsWith);
  }

  private static PartitionKey partition(ResourceId resource, String handset) {
    return new PartitionKey(resource, PARTITION + handset);
  }

  @Override
  public void close() {}
}
