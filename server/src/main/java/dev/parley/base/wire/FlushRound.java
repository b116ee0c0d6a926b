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
  /**
   * Long enough to meet the next message of a lively thread, short against any client's waiting.
   */
  static final int PATIENCE_MILLIS = 50;

  private final EventLoop loop;
  private final ConcurrentLinkedQueue<Outbox> listed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Outbox> patient = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean patientScheduled = new AtomicBoolean();

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

  /** Starts the round, unless it is about to start; on the loop itself at once. */
  void run() {
    if (loop.inEventLoop()) {
      goRound();
    } else if (!listed.isEmpty() && scheduled.compareAndSet(false, true)) {
      loop.execute(this::goRound);
    }
  }

  private void goRound() {
    scheduled.set(false);
    for (var box = listed.poll(); box != null; box = listed.poll()) {
      box.write();
    }
  }
}
