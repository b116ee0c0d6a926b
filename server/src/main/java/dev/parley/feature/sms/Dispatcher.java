package dev.parley.feature.sms;

import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.Submission;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what waits to carriers: goes round the senders that have something waiting, claims from the
 * front of each queue what carriers have room for, and gives each message a virtual thread.
 *
 * <p>Reads queues from the front and never whole, so a start with a long queue takes no longer. It
 * learns of new messages from {@link #wake}, and from a look at the store every second for what
 * other processes queued and what has become due.
 */
final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final int CLAIM_MAX = 100;
  private static final int LANES_MAX = 10_000;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(25);

  /** A carrier and what is in its hands. */
  private static final class Hand {
    final Carrier carrier;
    final AtomicInteger working = new AtomicInteger();
    final @Nullable Rate rate;

    Hand(Carrier carrier) {
      this.carrier = carrier;
      this.rate = carrier.perSecond() > 0 ? new Rate(carrier.perSecond()) : null;
    }

    /**
     * Twice the window, so that the next ones are there when a place becomes free; nothing until
     * half a window can be claimed in one unit.
     */
    int room() {
      var free = 2 * carrier.window() - working.get();
      if (2 * free < carrier.window()) {
        return 0;
      }
      return rate == null ? free : Math.min(free, rate.available());
    }
  }

  /** A sender with something waiting. */
  private static final class Lane {
    final @Nullable Rate rate;

    /** Nothing is claimed before, nano time; set when carriers are away. */
    long resume = Long.MIN_VALUE;

    Lane(@Nullable Rate rate) {
      this.rate = rate;
    }
  }

  private final Stores stores;
  private final Claims claims;
  private final Recorder recorder;
  private final Set<String> inHands;
  private final Map<String, Hand> hands = new LinkedHashMap<>();
  private final Map<SenderKey, Lane> lanes = new ConcurrentHashMap<>();
  private final Map<String, Rate> rates = new HashMap<>();
  private final Semaphore signal = new Semaphore(0);
  private final QueueStore queue = new QueueStore();
  private volatile boolean closing;
  private @Nullable Thread thread;
  private long looked = Long.MIN_VALUE;

  Dispatcher(
      SmsConfig config,
      Stores stores,
      Claims claims,
      Recorder recorder,
      Set<String> inHands,
      List<Carrier> carriers) {
    this.stores = stores;
    this.claims = claims;
    this.recorder = recorder;
    this.inHands = inHands;
    carriers.forEach(carrier -> hands.put(carrier.name(), new Hand(carrier)));
    config.senderRates().forEach((sender, rate) -> rates.put(sender, new Rate(rate)));
  }

  void start() {
    thread = Thread.ofVirtual().name("sms-dispatcher").start(this::run);
  }

  /** The sender's queue has grown. */
  void wake(SenderKey key) {
    if (lanes.size() < LANES_MAX) {
      lanes.computeIfAbsent(key, this::lane);
    }
    signal.release();
  }

  /** A carrier has become able to take messages. */
  void wake() {
    lanes.values().forEach(lane -> lane.resume = Long.MIN_VALUE);
    signal.release();
  }

  private Lane lane(SenderKey key) {
    return new Lane(rates.get(key.sender()));
  }

  private void run() {
    while (!closing) {
      try {
        look();
        var moved = round();
        if (!moved && !closing) {
          var _ = signal.tryAcquire(waitMillis(), TimeUnit.MILLISECONDS);
        }
        signal.drainPermits();
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        log.error("the queue of messages cannot be served now", e);
        pause();
      }
    }
  }

  /** With a rate, the next token may come before the next look. */
  private long waitMillis() {
    return rates.isEmpty() && hands.values().stream().allMatch(hand -> hand.rate == null)
        ? LOOK.toMillis()
        : 20;
  }

  private void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  /** Finds the senders that have something waiting, each by one step along the key. */
  private void look() {
    var now = System.nanoTime();
    if (looked != Long.MIN_VALUE && now - looked < LOOK.toNanos()) {
      return;
    }
    looked = now;
    var key = new SenderKey(new ResourceId(""), "");
    while (lanes.size() < LANES_MAX) {
      var after = key;
      var next =
          stores
              .of(after.resource())
              .read(all -> queue.senderAfter(all, after.resource(), after.sender()));
      if (next.isEmpty()) {
        return;
      }
      key = next.get();
      lanes.computeIfAbsent(key, this::lane);
    }
  }

  /** One claim for each sender; whether anything went. */
  private boolean round() {
    var moved = false;
    for (var entry : lanes.entrySet()) {
      var room = room();
      if (room.isEmpty() || closing) {
        return moved;
      }
      moved |= serve(entry.getKey(), entry.getValue(), room);
    }
    return moved;
  }

  /** Carriers that are there, with what they can take; those that are full have no room yet. */
  private Map<String, Integer> room() {
    var room = new HashMap<String, Integer>();
    var any = false;
    for (var hand : hands.values()) {
      if (hand.carrier.ready()) {
        var free = Math.max(0, hand.room());
        any |= free > 0;
        room.put(hand.carrier.name(), free);
      }
    }
    return any ? room : Map.of();
  }

  private boolean serve(SenderKey key, Lane lane, Map<String, Integer> room) {
    if (System.nanoTime() < lane.resume) {
      return false;
    }
    var free = room.values().stream().mapToInt(Integer::intValue).sum();
    var most = Math.min(CLAIM_MAX, free);
    if (lane.rate != null) {
      most = Math.min(most, lane.rate.available());
    }
    if (most <= 0) {
      return false;
    }
    // Whoever queues after this look brings the lane back.
    lanes.remove(key, lane);
    var taken = claims.take(key, most, room);
    if (!taken.claims().isEmpty() || taken.waiting()) {
      lanes.putIfAbsent(key, lane);
    }
    if (taken.waiting() && taken.claims().isEmpty()) {
      lane.resume = System.nanoTime() + LOOK.toNanos();
    }
    for (var claim : taken.claims()) {
      if (lane.rate != null) {
        lane.rate.take(1);
      }
      hand(claim);
    }
    return !taken.claims().isEmpty();
  }

  private void hand(Claims.Claim claim) {
    var hand = hands.get(claim.carrier());
    if (hand == null) {
      throw new IllegalStateException("no carrier " + claim.carrier());
    }
    hand.working.incrementAndGet();
    inHands.add(claim.message().messageId());
    if (hand.rate != null) {
      hand.rate.take(claim.message().segments() - claim.message().segment());
    }
    Thread.ofVirtual().name("sms-submit").start(() -> submit(hand, claim));
  }

  private void submit(Hand hand, Claims.Claim claim) {
    try {
      var message = claim.message();
      var outcome =
          hand.carrier.submit(
              new Submission(
                  claim.key().resource(),
                  message.messageId(),
                  claim.key().sender(),
                  message.recipient(),
                  message.text(),
                  message.segment(),
                  message.deadline()));
      recorder.outcome(claim, hand.carrier, outcome);
    } catch (RuntimeException e) {
      // The claim stays, and is taken up again when it is old.
      inHands.remove(claim.message().messageId());
      log.error("carrier {} failed on {}", claim.carrier(), claim.message().messageId(), e);
    } finally {
      hand.working.decrementAndGet();
      if (hand.room() > 0 || closing) {
        signal.release();
      }
    }
  }

  /** Messages in the hands of carriers, by carrier. */
  Map<String, Integer> working() {
    var working = new LinkedHashMap<String, Integer>();
    hands.forEach((name, hand) -> working.put(name, hand.working.get()));
    return working;
  }

  /** Takes nothing more, and waits a while for the answers to what was handed over. */
  @Override
  public void close() {
    closing = true;
    signal.release();
    var running = thread;
    try {
      if (running != null && !running.join(STOP)) {
        running.interrupt();
      }
      var end = System.nanoTime() + STOP.toNanos();
      while (working().values().stream().anyMatch(count -> count > 0) && System.nanoTime() < end) {
        var _ = signal.tryAcquire(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
