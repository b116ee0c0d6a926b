package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one connection has still to be sent. Messages are added on any thread and written on the
 * connection's event loop: all that wait in one buffer, with one flush.
 *
 * <p>Bounded by bytes, counted until the operating system has taken them: a reader that is too slow
 * is cut, and costs nobody else anything.
 */
final class Outbox {
  /** What one write gathers; more would only wait in another place. */
  private static final int GATHERED_BYTES_MAX = 64 << 10;

  /** How a message stands on the wire. */
  interface Framing {
    /** Bytes that a message of so many bytes takes altogether. */
    int bytes(int length);

    void begin(ByteBuf out, int length);

    void end(ByteBuf out);
  }

  private final ChannelHandlerContext context;
  private final FlushRound round;
  private final Framing framing;
  private final int bytesMax;
  private final Runnable cut;
  private final ConcurrentLinkedQueue<byte[][]> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queuedBytes = new AtomicInteger();
  private final AtomicBoolean listed = new AtomicBoolean();
  private final AtomicBoolean patient = new AtomicBoolean();
  private long takenBytes;
  private long takenBefore;

  /**
   * An empty box.
   *
   * @param cut what to do with a reader who is too slow; any thread
   */
  Outbox(
      ChannelHandlerContext context,
      FlushRound round,
      Framing framing,
      int bytesMax,
      Runnable cut) {
    this.context = context;
    this.round = round;
    this.framing = framing;
    this.bytesMax = bytesMax;
    this.cut = cut;
  }

  /**
   * Adds a message, given as pieces in UTF-8; it goes out with the next flush.
   *
   * @return false when the reader was too slow for it
   */
  boolean add(byte[]... pieces) {
    if (!take(pieces)) {
      return false;
    }
    if (listed.compareAndSet(false, true)) {
      round.list(this);
    }
    return true;
  }

  /**
   * Adds a message that nobody hurries for; it needs no flush, and costs no write of its own where
   * others follow.
   */
  boolean addPatiently(byte[]... pieces) {
    if (!take(pieces)) {
      return false;
    }
    if (patient.compareAndSet(false, true)) {
      round.listPatiently(this);
    }
    return true;
  }

  private boolean take(byte[]... pieces) {
    if (queuedBytes.addAndGet(framing.bytes(length(pieces))) > bytesMax) {
      cut.run();
      return false;
    }
    waiting.add(pieces);
    return true;
  }

  /** Bytes that the operating system has not taken yet. */
  int queuedBytes() {
    return queuedBytes.get();
  }

  /** Has everything written that was added before, soon. */
  void flush() {
    round.run();
  }

  /** The time of what could wait is over. Event loop only. */
  void writePatient() {
    patient.set(false);
    if (!waiting.isEmpty()) {
      write();
    }
  }

  /** Writes what waits, as far as the socket takes it. Event loop only. */
  void write() {
    listed.set(false);
    if (!context.channel().isActive()) {
      waiting.clear();
      return;
    }
    var wrote = false;
    while (context.channel().isWritable() && !waiting.isEmpty()) {
      var gathered = gather();
      var bytes = gathered.readableBytes();
      context.write(gathered).addListener(_ -> taken(bytes));
      wrote = true;
    }
    if (wrote) {
      context.flush();
    }
  }

  private void taken(int bytes) {
    queuedBytes.addAndGet(-bytes);
    takenBytes += bytes;
  }

  /**
   * Whether something waits and none of it was taken since the last time that this was asked. Event
   * loop only.
   */
  boolean stands() {
    var before = takenBefore;
    takenBefore = takenBytes;
    return queuedBytes.get() > 0 && before == takenBytes;
  }

  private ByteBuf gather() {
    var out = context.alloc().ioBuffer(gatheredBytes());
    do {
      var pieces = waiting.poll();
      if (pieces == null) {
        break;
      }
      framing.begin(out, length(pieces));
      for (var piece : pieces) {
        out.writeBytes(piece);
      }
      framing.end(out);
    } while (out.readableBytes() < GATHERED_BYTES_MAX);
    return out;
  }

  private int gatheredBytes() {
    return Math.max(256, Math.min(queuedBytes.get(), GATHERED_BYTES_MAX));
  }

  private static int length(byte[][] pieces) {
    var length = 0;
    for (var piece : pieces) {
      length += piece.length;
    }
    return length;
  }
}
