package dev.parley.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Two members of every thread talk, each with some messages under way; a message is done when its answer has come, where the protocol
 * has one, and when the other talker has received it. Everybody counts what they receive.
 */
final class ChatLoad implements ChatPeer.Hearing, AutoCloseable {
  static final int TALKERS = 2;
  private static final int SAMPLES_MAX = 2_000_000;

  /**
   * What a phase gave.
   *
   * @param micros from due to received, sorted
   */
  record Result(long messages, long deliveries, double seconds, int[] micros) {
    double messagesPerSecond() {
      return messages / seconds;
    }

    double deliveriesPerSecond() {
      return deliveries / seconds;
    }

    double millis(double percentile) {
      return micros.length == 0 ? Double.NaN : micros[(int) Math.min(micros.length - 1, micros.length * percentile / 100)] / 1000.0;
    }
  }

  private final int members;
  private final int window;
  private final List<ChatPeer.Talk> talks;
  private final List<ChatPeer.Sender> senders = new ArrayList<>();
  private final AtomicIntegerArray awaited;
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder done = new LongAdder();
  private final AtomicInteger underWay = new AtomicInteger();
  private final int[] samples = new int[SAMPLES_MAX];
  private final AtomicInteger sampled = new AtomicInteger();
  private volatile boolean looping;

  /**
   * Connects everybody; members of a thread are numbered one after the other.
   *
   * @param window messages of each talker under way
   */
  ChatLoad(ChatPeer.Talks connecting, int threads, int members, int window) throws Exception {
    this.members = members;
    this.window = window;
    this.talks = connecting.talks(threads, members, this);
    for (var talk : talks) {
      for (var talker = 0; talker < TALKERS; talker++) {
        for (var i = 0; i < window; i++) {
          senders.add(talk.sender(talker, this::part));
        }
      }
    }
    awaited = new AtomicIntegerArray(senders.size());
  }

  int slots() {
    return senders.size();
  }

  /** As fast as answers and deliveries come. */
  Result full(double seconds) throws InterruptedException {
    begin(true);
    var start = System.nanoTime();
    for (var slot = 0; slot < senders.size(); slot++) {
      send(slot, System.nanoTime());
    }
    TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
    return ended(start);
  }

  /** At a steady rate; a message that has to wait for a free sender was due all the same. */
  Result paced(double perSecond, double seconds) throws InterruptedException {
    begin(false);
    var start = System.nanoTime();
    var count = (long) (perSecond * seconds);
    for (var i = 0L; i < count; i++) {
      var due = start + (long) (i * 1e9 / perSecond);
      for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      var slot = (int) (i % senders.size());
      for (var waited = 0; awaited.get(slot) > 0; waited++) {
        if (waited > 50_000) {
          throw new IllegalStateException("A message did not arrive within seconds.");
        }
        LockSupport.parkNanos(100_000);
      }
      send(slot, due);
    }
    return ended(start);
  }

  private void begin(boolean loop) {
    deliveries.reset();
    done.reset();
    sampled.set(0);
    looping = loop;
  }

  private Result ended(long start) throws InterruptedException {
    looping = false;
    var messages = done.sum();
    var delivered = deliveries.sum();
    var seconds = (System.nanoTime() - start) / 1e9;
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (underWay.get() > 0) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(underWay.get() + " messages never arrived.");
      }
      Thread.sleep(1);
    }
    var micros = Arrays.copyOf(samples, Math.min(sampled.get(), SAMPLES_MAX));
    Arrays.sort(micros);
    return new Result(messages, delivered, seconds, micros);
  }

  private void send(int slot, long due) {
    var sender = senders.get(slot);
    underWay.incrementAndGet();
    awaited.set(slot, sender.isAnswered() ? 2 : 1);
    sender.send(slot, due);
  }

  @Override
  public void delivered(int member, byte[] bytes, int from, int to) {
    var inThread = member % members;
    if (inThread >= TALKERS) {
      deliveries.increment();
      return;
    }
    var mark = Mark.find(bytes, from, to);
    if (mark < 0) {
      return;
    }
    deliveries.increment();
    var slot = Mark.slot(bytes, mark);
    // The other talker of the thread is the witness.
    if (slot / window % TALKERS != inThread) {
      var index = sampled.getAndIncrement();
      if (index < SAMPLES_MAX) {
        samples[index] = (int) ((System.nanoTime() - Mark.nanos(bytes, mark)) / 1000);
      }
      part(slot);
    }
  }

  private void part(int slot) {
    if (awaited.decrementAndGet(slot) > 0) {
      return;
    }
    done.increment();
    underWay.decrementAndGet();
    if (looping) {
      send(slot, System.nanoTime());
    }
  }

  @Override
  public void close() {
    talks.forEach(ChatPeer.Talk::close);
  }
}
