package dev.parley.feature.sms.carrier;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What many threads write side by side, sent together: a thread of its own takes everything that is
 * there to the socket in one call. Whoever writes does not wait for the other side, unless a
 * megabyte is waiting already. One {@code write} is never torn apart.
 */
final class GatheredOutput extends OutputStream {
  private static final int WAITING_MAX = 1 << 20;
  private static final long CLOSE_MILLIS = 1_000;

  private final OutputStream out;
  private final Runnable broken;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private byte[] waiting = new byte[4 << 10];
  private byte[] spare = new byte[4 << 10];
  private int length;
  private boolean sending;
  private @Nullable IOException failure;

  /**
   * Gathers for a stream.
   *
   * @param broken what to do when it cannot be written to any more
   */
  GatheredOutput(OutputStream out, Runnable broken) {
    this.out = out;
    this.broken = broken;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    lock.lock();
    try {
      while (length >= WAITING_MAX && failure == null) {
        taken.awaitUninterruptibly();
      }
      if (failure != null) {
        throw new IOException("the connection is broken", failure);
      }
      if (length + count > waiting.length) {
        waiting = Arrays.copyOf(waiting, Math.max(2 * waiting.length, length + count));
      }
      System.arraycopy(bytes, offset, waiting, length, count);
      length += count;
    } finally {
      lock.unlock();
    }
  }

  /** Sees to it that it is sent, and does not wait for that. */
  @Override
  public void flush() {
    lock.lock();
    try {
      if (!sending && length > 0) {
        sending = true;
        Thread.ofVirtual().name("smpp-send").start(this::send);
      }
    } finally {
      lock.unlock();
    }
  }

  private void send() {
    try {
      for (var count = take(); count > 0; count = take()) {
        out.write(spare, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      lock.lock();
      try {
        failure = e;
        sending = false;
        taken.signalAll();
      } finally {
        lock.unlock();
      }
      broken.run();
    }
  }

  /** Swaps the buffers; 0 when there is nothing more, and this thread is done. */
  private int take() {
    lock.lock();
    try {
      var count = length;
      var full = waiting;
      waiting = spare;
      spare = full;
      length = 0;
      sending = count > 0;
      taken.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go out what was written, for a moment. */
  @Override
  public void close() {
    flush();
    lock.lock();
    try {
      var left = TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
      while (sending && left > 0) {
        left = taken.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
