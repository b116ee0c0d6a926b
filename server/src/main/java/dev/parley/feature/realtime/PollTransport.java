package dev.parley.feature.realtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Packets on their way to a client that asks for them again and again. */
final class PollTransport implements LinkTransport {
  /** One answer's worth; more waits for the next poll. */
  private static final int ANSWER_PACKETS_MAX = 100;

  private static final int ANSWER_BYTES_MAX = 256 << 10;
  private static final int WAITING_BYTES_MAX = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private long polls;
  private boolean greeted;
  private boolean closed;

  @Override
  public boolean queue(byte[]... pieces) {
    var packet = new ByteArrayOutputStream();
    for (var piece : pieces) {
      packet.writeBytes(piece);
    }
    lock.lock();
    try {
      if (closed || waitingBytes + packet.size() > WAITING_BYTES_MAX) {
        return false;
      }
      waiting.add(packet.toByteArray());
      waitingBytes += packet.size();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean queuePatiently(byte[]... pieces) {
    var queued = queue(pieces);
    flush();
    return queued;
  }

  @Override
  public void flush() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(String reason) {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return "xhr-polling";
  }

  /** Whether nothing will come any more. */
  boolean over() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something to say; a newer poll ends the wait of an older one.
   *
   * @return packets; none when the time is up or a newer poll has come
   */
  List<String> take(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      var mine = ++polls;
      changed.signalAll();
      var left = wait.toNanos();
      while (waiting.isEmpty() && !closed && polls == mine && left > 0) {
        left = changed.awaitNanos(left);
      }
      return polls == mine ? packets() : List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<String> packets() {
    var packets = new ArrayList<String>();
    var bytes = 0;
    while (!waiting.isEmpty() && packets.size() < ANSWER_PACKETS_MAX && bytes < ANSWER_BYTES_MAX) {
      var packet = waiting.remove();
      bytes += packet.length;
      packets.add(new String(packet, StandardCharsets.UTF_8));
      if (!greeted) {
        // The client takes "1::" alone as the sign that the transport works.
        greeted = true;
        break;
      }
    }
    waitingBytes -= bytes;
    return packets;
  }
}
