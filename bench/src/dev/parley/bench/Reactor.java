package dev.parley.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that reads and writes for thousands of a load generator's connections, so that the generator stays light. */
final class Reactor implements Runnable, AutoCloseable {
  private static final int READ_BYTES = 256 << 10;
  /** A connection that the server does not read from is a failed run, not a reason to eat memory. */
  private static final int PENDING_BYTES_MAX = 4 << 20;

  /** Takes what a connection received, on the reactor's thread. */
  interface Receiver {
    void received(byte[] bytes, int length);

    void closed();
  }

  private final Selector selector;
  private final Queue<Link> joining = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final byte[] bytes = new byte[READ_BYTES];
  private final Thread thread;
  private volatile boolean ended;

  Reactor() throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name("load").start(this);
  }

  /** A blocking connection to loopback, on which a client logs in before it is handed over with {@link #join}. */
  static SocketChannel connect(int port) throws IOException {
    var channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return channel;
  }

  /** From here on the reactor's thread reads it. */
  Link join(SocketChannel channel, Receiver receiver) throws IOException {
    channel.configureBlocking(false);
    var link = new Link(channel, receiver);
    joining.add(link);
    selector.wakeup();
    return link;
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        selector.select(this::ready, 1000);
        for (var link = joining.poll(); link != null; link = joining.poll()) {
          link.register();
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void ready(SelectionKey key) {
    var link = (Link) key.attachment();
    try {
      if (key.isWritable()) {
        link.flush();
      }
      if (key.isReadable()) {
        link.read();
      }
    } catch (IOException | java.nio.channels.CancelledKeyException e) {
      link.end();
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    selector.wakeup();
    try {
      thread.join(5000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    selector.close();
  }

  /** A connection that belongs to the reactor. Writing is allowed from every thread. */
  final class Link implements AutoCloseable {
    private final SocketChannel channel;
    private final Receiver receiver;
    private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();
    private int pendingBytes;
    private SelectionKey key;
    private boolean closed;

    private Link(SocketChannel channel, Receiver receiver) {
      this.channel = channel;
      this.receiver = receiver;
    }

    private synchronized void register() throws ClosedChannelException {
      if (closed) {
        return;
      }
      key = channel.register(selector, SelectionKey.OP_READ, this);
      if (!pending.isEmpty()) {
        key.interestOpsOr(SelectionKey.OP_WRITE);
      }
    }

    /** Writes now what the kernel takes; the rest follows when it takes more. */
    synchronized void write(byte[] message, int length) {
      if (closed) {
        return;
      }
      try {
        var from = ByteBuffer.wrap(message, 0, length);
        if (pending.isEmpty()) {
          channel.write(from);
        }
        if (from.hasRemaining()) {
          keep(from);
        }
      } catch (IOException e) {
        end();
      }
    }

    private void keep(ByteBuffer rest) {
      pendingBytes += rest.remaining();
      if (pendingBytes > PENDING_BYTES_MAX) {
        throw new IllegalStateException("The server does not read what is sent to it.");
      }
      pending.add(ByteBuffer.allocate(rest.remaining()).put(rest).flip());
      if (key != null) {
        key.interestOpsOr(SelectionKey.OP_WRITE);
        selector.wakeup();
      }
    }

    private synchronized void flush() throws IOException {
      for (var next = pending.peek(); next != null; next = pending.peek()) {
        pendingBytes -= channel.write(next);
        if (next.hasRemaining()) {
          return;
        }
        pending.remove();
      }
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    }

    private void read() throws IOException {
      buffer.clear();
      var count = channel.read(buffer);
      if (count < 0) {
        end();
        return;
      }
      buffer.flip();
      buffer.get(bytes, 0, count);
      receiver.received(bytes, count);
    }

    private void end() {
      if (!closed) {
        close();
        receiver.closed();
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      try {
        channel.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
  }
}
