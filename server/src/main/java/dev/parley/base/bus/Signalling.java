package dev.parley.base.bus;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener to signals, with a bounded queue; what finds it full is dropped and counted. */
final class Signalling implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Signalling.class);

  private final String name;
  private final Consumer<Signal> hearer;
  private final AtomicLong dropped;
  private final ArrayBlockingQueue<Signal> queue;
  private final Thread thread;

  Signalling(String name, Consumer<Signal> hearer, int queued, AtomicLong dropped) {
    this.name = name;
    this.hearer = hearer;
    this.dropped = dropped;
    this.queue = new ArrayBlockingQueue<>(queued);
    this.thread = Thread.ofVirtual().name("signals-" + name).start(this);
  }

  void offer(Signal signal) {
    if (!queue.offer(signal)) {
      dropped.incrementAndGet();
    }
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        hearer.accept(queue.take());
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        log.error("the hearer of signals {} failed", name, e);
      }
    }
  }

  void close() {
    thread.interrupt();
  }
}
