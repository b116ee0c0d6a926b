package dev.parley.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that reads the sockets of all clients of this process. */
final class RtcReader {
  private static final int TICK_MILLIS = 20;
  private static final int PACKETS_AT_A_TIME = 64;
  private static final RtcReader ONLY = new RtcReader();

  private record Newcomer(DatagramChannel channel, RtcClient client) {}

  private final ConcurrentLinkedQueue<Newcomer> newcomers = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
  private final byte[] bytes = new byte[2048];
  private final Selector selector;

  private RtcReader() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Thread.ofPlatform().name("rtc-clients").daemon(true).start(this::work);
  }

  static void join(DatagramChannel channel, RtcClient client) throws IOException {
    channel.configureBlocking(false);
    ONLY.newcomers.add(new Newcomer(channel, client));
    ONLY.selector.wakeup();
  }

  private void work() {
    var ticked = System.nanoTime();
    while (true) {
      try {
        selector.select(TICK_MILLIS);
        for (var next = newcomers.poll(); next != null; next = newcomers.poll()) {
          register(next);
        }
        for (var key : selector.selectedKeys()) {
          read(key);
        }
        selector.selectedKeys().clear();
        if (System.nanoTime() - ticked > TICK_MILLIS * 1_000_000L) {
          ticked = System.nanoTime();
          for (var key : selector.keys()) {
            if (key.isValid()) {
              ((RtcClient) key.attachment()).tick(ticked);
            }
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void register(Newcomer newcomer) {
    try {
      newcomer.channel().register(selector, SelectionKey.OP_READ, newcomer.client());
    } catch (ClosedChannelException _) {
      // It left before it came.
    }
  }

  private void read(SelectionKey key) {
    var channel = (DatagramChannel) key.channel();
    try {
      for (var i = 0; i < PACKETS_AT_A_TIME; i++) {
        buffer.clear();
        if (channel.receive(buffer) == null) {
          return;
        }
        var length = buffer.flip().remaining();
        buffer.get(bytes, 0, length);
        if (length > 1) {
          ((RtcClient) key.attachment()).take(bytes, length, System.nanoTime());
        }
      }
    } catch (IOException _) {
      key.cancel();
    }
  }
}
