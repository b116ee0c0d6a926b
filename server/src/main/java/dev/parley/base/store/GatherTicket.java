package dev.parley.base.store;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A unit that waits to be written. Its caller's thread runs it when the writer says so, as often as
 * the writer says so, and leaves with the outcome.
 */
final class GatherTicket<T extends @Nullable Object> {
  private static final ScopedValue<Boolean> INSIDE = ScopedValue.newInstance();

  private final PartitionKey partition;
  private final Shard shard;
  private final Unit<T> unit;
  private final Thread thread = Thread.currentThread();
  private volatile @Nullable GatherTx next;
  private volatile @Nullable Outcome outcome;
  private int tries;

  private record Outcome(@Nullable Object result, @Nullable Throwable failure) {
    @Nullable Object get() {
      return switch (failure) {
        case null -> result;
        case RuntimeException problem -> throw problem;
        case Error problem -> throw problem;
        case Throwable problem -> throw new IllegalStateException("A unit failed.", problem);
      };
    }
  }

  /** For the thread that calls {@link #await}. */
  GatherTicket(PartitionKey partition, Shard shard, Unit<T> unit) {
    if (INSIDE.isBound()) {
      throw new IllegalStateException("A unit waits for its own writer when it writes a unit.");
    }
    this.partition = partition;
    this.shard = shard;
    this.unit = unit;
  }

  PartitionKey partition() {
    return partition;
  }

  Shard shard() {
    return shard;
  }

  /** Runs the unit when it is told to, until there is an outcome. */
  @SuppressWarnings({"unchecked", "NullAway"}) // The result is what the unit gave.
  T await() {
    var interrupted = false;
    var end = outcome;
    while (end == null) {
      var run = next;
      if (run == null) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      } else {
        next = null;
        ScopedValue.where(INSIDE, true).run(() -> run.run(unit));
      }
      end = outcome;
    }
    if (interrupted) {
      thread.interrupt();
    }
    return (T) end.get();
  }

  /** Begins a run on the caller's thread. */
  GatherTx start(GatherWave wave, UnitMemory memory) {
    var run = GatherTx.onThread(thread, wave, memory);
    next = run;
    LockSupport.unpark(thread);
    return run;
  }

  /** Runs the unit on this thread, the writer's, as far as what it has asked before reaches. */
  GatherTx runHere(GatherRecall recall, UnitMemory memory) {
    var run = GatherTx.here(recall, memory);
    ScopedValue.where(INSIDE, true).run(() -> run.run(unit));
    return run;
  }

  /** One attempt to store the unit begins. */
  void tried() {
    tries++;
  }

  int tries() {
    return tries;
  }

  /** Ends the waiting: with what the unit gave, or with what it threw. */
  void finish(GatherTx run) {
    end(new Outcome(run.result(), run.failure()));
  }

  void fail(Throwable problem) {
    end(new Outcome(null, problem));
  }

  private void end(Outcome reached) {
    outcome = reached;
    LockSupport.unpark(thread);
  }
}
