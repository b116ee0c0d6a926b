package dev.parley.media;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that is code: a recorder, a mixer, captions, a telephone leg. Its frames wait in a
 * queue of bounded size; when nobody takes them in time they are dropped and counted, and the media
 * worker never waits. Thread-safe.
 */
public final class Tap implements AutoCloseable {
  /**
   * What a tap hears.
   *
   * @param stream whose; empty text for everybody's
   * @param queueBytesMax bytes that wait at most, each frame with 200 bytes on top
   */
  public record Wish(String stream, boolean audio, boolean video, int queueBytesMax) {}

  private static final int FRAME_BYTES = 200;

  private final Wish wish;
  private final LinkedBlockingQueue<TapEvent> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private @Nullable Runnable leave;

  Tap(Wish wish) {
    this.wish = wish;
  }

  void leavesBy(Runnable action) {
    leave = action;
  }

  Wish wish() {
    return wish;
  }

  /** Takes the next event, or nothing when none comes in time. */
  public Optional<TapEvent> take(Duration patience) throws InterruptedException {
    var event = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (event instanceof TapEvent.Frame frame) {
      queuedBytes.addAndGet(-cost(frame));
    }
    return Optional.ofNullable(event);
  }

  /** Frames that found no place, since the tap was made. */
  public long dropped() {
    return dropped.get();
  }

  private static int cost(TapEvent.Frame frame) {
    return frame.bytes().length + FRAME_BYTES;
  }

  /** Puts a frame into the queue; false when there is no place. On the worker's thread. */
  boolean offer(TapEvent.Frame frame) {
    if (queuedBytes.get() + cost(frame) > wish.queueBytesMax()) {
      drop();
      return false;
    }
    queuedBytes.addAndGet(cost(frame));
    queue.add(frame);
    return true;
  }

  /** A frame that is of no use without one that was dropped. */
  void drop() {
    dropped.incrementAndGet();
  }

  /** A track has ended; that is always told, since there are few of them. */
  void ended(String stream, String track) {
    queue.add(new TapEvent.Ended(stream, track));
  }

  /** Leaves the room. What waits can still be taken. */
  @Override
  public void close() {
    if (leave != null) {
      leave.run();
    }
  }
}
