package dev.parley.feature.sms;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.Outcome;
import dev.parley.feature.sms.carrier.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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

  private void store(List<Object> batch) {
    var answers = new LinkedHashMap<SenderKey, List<Answer>>();
    var told = new ArrayList<Told>();
    for (var item : batch) {
      switch (item) {
        case Answer answer ->
            answers.computeIfAbsent(answer.claim().key(), _ -> new ArrayList<>()).add(answer);
        case Told one -> told.add(one);
        default -> throw new IllegalStateException();
      }
    }
    units(answers, (tx, key, answer) -> marks.answer(tx, key, answer));
    for (var group : answers.values()) {
      for (var answer : group) {
        inHands.remove(answer.claim().message().messageId());
        for (var id : answer.outcome().carrierIds()) {
          early.take(answer.carrier().name(), id).ifPresent(told::add);
        }
      }
    }
    receipts(told);
  }

  private void receipts(List<Told> told) {
    if (told.isEmpty()) {
      return;
    }
    var places =
        stores
            .of(new ResourceId(""))
            .read(all -> told.stream().map(one -> place(all, one)).toList());
    var matched = new LinkedHashMap<SenderKey, List<Marks.Placed>>();
    var done = new ArrayList<Told>();
    for (var i = 0; i < told.size(); i++) {
      var one = told.get(i);
      var place = places.get(i);
      if (place.isPresent()) {
        matched
            .computeIfAbsent(place.get().key(), _ -> new ArrayList<>())
            .add(new Marks.Placed(place.get(), one.receipt().code()));
        done.add(one);
      } else {
        early.keep(one);
        one.known().complete(false);
      }
    }
    units(matched, (tx, _, placed) -> marks.receipt(tx, placed));
    done.forEach(one -> one.known().complete(true));
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

  /** One item in its unit. */
  @FunctionalInterface
  private interface Step<T> {
    void run(Tx tx, SenderKey key, T item);
  }

  /** One unit for each sender, side by side. */
  private <T> void units(Map<SenderKey, List<T>> groups, Step<T> step) {
    BiConsumer<SenderKey, List<T>> write =
        (key, items) ->
            stores
                .of(key.resource())
                .write(
                    key.partition(),
                    tx -> {
                      items.forEach(item -> step.run(tx, key, item));
                      return true;
                    });
    if (groups.size() == 1) {
      groups.forEach(write);
      return;
    }
    var running = new ArrayList<CompletableFuture<Void>>();
    groups.forEach((key, items) ->
        running.add(
            CompletableFuture.runAsync(
                () -> write.accept(key, items), task -> Thread.ofVirtual().start(task))));
    running.forEach(CompletableFuture::join);
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
