package dev.parley.base.wire;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connections of one event loop that have something to be sent. However many there are, one
 * task goes through them all: handing over a task and waking the loop cost more than a small
 * message. What can wait goes out with the next message that cannot, or a little later.
 */
final class FlushRound {
  /** Meets the next message of any thread that is alive; clients wait for seconds. */
  static final int PATIENCE_MILLIS = 500;

  /** Connections of a round that make it a large one. */
  private static final int LARGE = 16;

  /**
   * After a large round others get the loop for a multiple of its time: the busier the machine, the
   * more of what comes meanwhile shares its writes.
   */
  private static final int OTHERS = 2;

  /** Nobody notices the shortest time, and the longest is bearable where all is late already. */
  private static final long APART_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long APART_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(25);

  private final EventLoop loop;
  private final ConcurrentLinkedQueue<Outbox> listed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Outbox> patient = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean patientScheduled = new AtomicBoolean();
  private volatile long notBefore = System.nanoTime();

  FlushRound(EventLoop loop) {
    this.loop = loop;
  }

  void list(Outbox box) {
    listed.add(box);
  }

  /** Has the box written within {@link #PATIENCE_MILLIS}, unless it is before. */
  void listPatiently(Outbox box) {
    patient.add(box);
    if (patientScheduled.compareAndSet(false, true)) {
      loop.schedule(this::goPatientRound, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void goPatientRound() {
    patientScheduled.set(false);
    for (var box = patient.poll(); box != null; box = patient.poll()) {
      box.writePatient();
    }
  }

  /**
   * Starts the round, unless it is about to start; on the loop itself at once. Soon after a large
   * one it waits a little, since what comes meanwhile shares its writes.
   */
  void run() {
    if (listed.isEmpty() || !scheduled.compareAndSet(false, true)) {
      return;
    }
    var wait = notBefore - System.nanoTime();
    if (wait > 0) {
      loop.schedule(this::goRound, wait, TimeUnit.NANOSECONDS);
    } else if (loop.inEventLoop()) {
      goRound();
    } else {
      loop.execute(this::goRound);
    }
  }

  private void goRound() {
    scheduled.set(false);
    var begin = System.nanoTime();
    var written = 0;
    for (var box = listed.poll(); box != null; box = listed.poll()) {
      box.write();
      written++;
    }
    if (written >= LARGE) {
      var end = System.nanoTime();
      var apart = Math.clamp(OTHERS * (end - begin), APART_NANOS_MIN, APART_NANOS_MAX);
      notBefore = end + apart;
    }
  }
}
