package dev.parley.base.store;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A unit on its way through the writer; its caller waits for the end. */
final class WaitingUnit<T extends @Nullable Object> {
  private final PartitionKey partition;
  private final Unit<T> unit;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable T result;
  private @Nullable Throwable failure;

  WaitingUnit(PartitionKey partition, Unit<T> unit) {
    this.partition = partition;
    this.unit = unit;
  }

  PartitionKey partition() {
    return partition;
  }

  /** Runs the unit and keeps what it gives; the caller is not told yet. */
  void run(Tx tx) {
    result = unit.run(tx);
  }

  void fail(Throwable failure) {
    this.failure = failure;
  }

  /** Lets the caller go on: the commit is durable, or the unit failed. */
  void end() {
    ended.countDown();
  }

  /** Waits for the end. An interrupt is kept for afterwards, since the outcome must not be lost. */
  @SuppressWarnings("NullAway") // The result has the unit's own nullness.
  T await() {
    var interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (failure) {
      case null -> result;
      case Error error -> throw error;
      case RuntimeException fault -> throw fault;
      default -> throw new IllegalStateException(failure);
    };
  }
}
