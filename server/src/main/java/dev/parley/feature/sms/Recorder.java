package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.Outcome;
import dev.parley.feature.sms.carrier.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what carriers say. Answers and receipts that come at the same time go into one unit for
 * each sender, answers first, since a receipt may overtake the answer that tells its id.
 */
final class Recorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);
  private static final int QUEUE_MAX = 10_000;
  private static final int AT_ONCE = 500;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(10);

  /** The answer to one submission. */
  record Answer(Claims.Claim claim, Carrier carrier, Outcome outcome) {}

  /** A receipt; {@code known} is completed when it is stored. */
  record Told(String carrier, Receipt receipt, CompletableFuture<Boolean> known) {}

  private final Stores stores;
  private final Marks marks;
  private final Set<String> inHands;
  private final EarlyReceipts early = new EarlyReceipts();
  private final RecentParts recent = new RecentParts();
  private final SmsStore rows = new SmsStore();
  private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private volatile boolean closing;
  private @Nullable Thread thread;

  /**
   * The room.
   *
   * @param inHands messages whose claims hold; one goes when its answer is stored
   */
  Recorder(Stores stores, Marks marks, Set<String> inHands) {
    this.stores = stores;
    this.marks = marks;
    this.inHands = inHands;
  }

  void start() {
    thread = Thread.ofVirtual().name("sms-recorder").start(this::run);
  }

  /** Waits where the queue is full. */
  void outcome(Claims.Claim claim, Carrier carrier, Outcome outcome) {
    put(new Answer(claim, carrier, outcome));
  }

  /**
   * Returns when the receipt is stored, or kept for the answer that it overtook.
   *
   * @return whether it belongs to a message that we know
   */
  boolean receipt(String carrier, Receipt receipt) {
    var told = new Told(carrier, receipt, new CompletableFuture<>());
    put(told);
    return told.known().join();
  }

  private void put(Object item) {
    try {
      queue.put(item);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void run() {
    var batch = new ArrayList<Object>(AT_ONCE);
    while (!closing || !queue.isEmpty()) {
      try {
        var first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, AT_ONCE - 1);
          store(batch);
          batch.clear();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        log.error("what carriers said cannot be stored now, and is tried again", e);
        sleep();
        retry(batch);
      }
    }
  }

  /** Everything may be stored twice without harm, so the batch is tried again whole. */
  private void retry(List<Object> batch) {
    while (!batch.isEmpty()) {
      try {
        store(batch);
        batch.clear();
      } catch (RuntimeException e) {
        log.error("what carriers said cannot be stored now, and is tried again", e);
        if (closing) {
          batch.forEach(item -> {
            if (item instanceof Told told) {
              told.known().completeExceptionally(e);
            }
          });
          return;
        }
        sleep();
      }
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What one unit has to store for its sender. */
  private record Work(List<Answer> answers, List<Marks.Placed> receipts) {
    Work() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private void store(List<Object> batch) {
    var answers = new ArrayList<Answer>();
    var told = new ArrayList<Told>();
    for (var item : batch) {
      switch (item) {
        case Answer answer -> answers.add(answer);
        case Told one -> told.add(one);
        default -> throw new IllegalStateException();
      }
    }
    var work = new LinkedHashMap<SenderKey, Work>();
    for (var answer : answers) {
      var claim = answer.claim();
      var carrier = answer.carrier().name();
      work.computeIfAbsent(claim.key(), _ -> new Work()).answers().add(answer);
      for (var id : answer.outcome().carrierIds()) {
        recent.put(claim.key(), claim.message(), carrier, id);
        early.find(carrier, id).ifPresent(told::add);
      }
    }
    var unknown = place(told, work);
    units(work);
    answers.forEach(this::stored);
    for (var one : told) {
      var known = !unknown.contains(one);
      if (!known) {
        early.keep(one);
      }
      one.known().complete(known);
    }
  }

  private void stored(Answer answer) {
    inHands.remove(answer.claim().message().messageId());
    answer.outcome().carrierIds().forEach(id -> early.drop(answer.carrier().name(), id));
  }

  /** Puts receipts to the senders that they are about; returns those that nothing is known for. */
  private Set<Told> place(List<Told> told, Map<SenderKey, Work> work) {
    var places = new LinkedHashMap<Told, PartPlace>();
    told.forEach(one -> recent(one).ifPresent(place -> places.put(one, place)));
    if (places.size() < told.size()) {
      var _ =
          stores
              .of(new ResourceId(""))
              .read(all -> {
                told.stream()
                    .filter(one -> !places.containsKey(one))
                    .forEach(one -> place(all, one).ifPresent(place -> places.put(one, place)));
                return true;
              });
    }
    places.forEach((one, place) ->
        work.computeIfAbsent(place.key(), _ -> new Work())
            .receipts()
            .add(new Marks.Placed(place, one.receipt().code())));
    var unknown = new LinkedHashSet<>(told);
    unknown.removeAll(places.keySet());
    return unknown;
  }

  private Optional<PartPlace> recent(Told told) {
    return recent
        .find(told.carrier(), told.receipt().carrierId())
        .filter(found -> isParty(found.recipient(), told.receipt().parties()))
        .map(RecentParts.Recent::place);
  }

  /** The segment that a receipt is about: the newest with its id, for its recipient. */
  private Optional<PartPlace> place(Rows all, Told told) {
    for (var id : CarrierIds.candidates(told.receipt().carrierId())) {
      for (var place : rows.byCarrierId(all, told.carrier(), id)) {
        var recipient =
            rows.outgoing(all, place.key(), place.messageId()).map(Outgoing::recipient).orElse("");
        if (isParty(recipient, told.receipt().parties())) {
          return Optional.of(place);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the recipient is one of the parties, where the carrier names any. */
  private static boolean isParty(String recipient, List<String> parties) {
    return parties.isEmpty()
        || parties.stream()
            .anyMatch(party -> recipient.equals(party) || recipient.equals("+" + party));
  }

  /** One unit for each sender, side by side. */
  private void units(Map<SenderKey, Work> work) {
    if (work.size() == 1) {
      work.forEach(this::write);
      return;
    }
    var running = new ArrayList<CompletableFuture<Void>>();
    work.forEach((key, items) ->
        running.add(
            CompletableFuture.runAsync(
                () -> write(key, items), task -> Thread.ofVirtual().start(task))));
    running.forEach(CompletableFuture::join);
  }

  private void write(SenderKey key, Work work) {
    var _ =
        stores
            .of(key.resource())
            .write(
                key.partition(),
                tx -> {
                  work.answers().forEach(answer -> marks.answer(tx, key, answer));
                  work.receipts().forEach(placed -> marks.receipt(tx, placed));
                  return true;
                });
  }

  @Override
  public void close() {
    closing = true;
    var running = thread;
    try {
      if (running != null) {
        running.join(STOP);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
