package dev.parley.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * The same through the platform's own channels, for where {@link LinuxPacketSocket} does not run.
 * It makes an object per packet, since the channel does.
 */
final class NioPacketSocket implements PacketSocket {
  private final DatagramChannel channel;
  private final Selector selector;
  private final ByteBuffer[] buffers = new ByteBuffer[BATCH];
  private final long[] highs = new long[BATCH];
  private final long[] lows = new long[BATCH];
  private final int[] ports = new int[BATCH];
  private final ByteBuffer out = ByteBuffer.allocateDirect(PACKET_BYTES_MAX);
  private final int port;
  private long refused;

  NioPacketSocket(InetAddress address, int port, int bufferBytes) throws IOException {
    channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, bufferBytes);
      channel.bind(new InetSocketAddress(address, port));
      channel.configureBlocking(false);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      channel.close();
      throw new IOException("UDP port " + port + " could not be opened: " + e.getMessage(), e);
    }
    for (var i = 0; i < BATCH; i++) {
      buffers[i] = ByteBuffer.allocateDirect(PACKET_BYTES_MAX);
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int receive(int waitMillis) {
    try {
      if (waitMillis == 0) {
        selector.selectNow();
      } else {
        selector.select(waitMillis);
      }
      selector.selectedKeys().clear();
      var count = 0;
      while (count < BATCH) {
        buffers[count].clear();
        var from = (InetSocketAddress) channel.receive(buffers[count]);
        if (from == null) {
          break;
        }
        buffers[count].flip();
        var bytes = ByteBuffer.wrap(from.getAddress().getAddress());
        var mapped = bytes.remaining() == 4;
        highs[count] = mapped ? 0 : bytes.getLong(0);
        lows[count] = mapped ? 0xffff00000000L | (bytes.getInt(0) & 0xffffffffL) : bytes.getLong(8);
        ports[count] = from.getPort();
        count++;
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException("The UDP socket failed.", e);
    }
  }

  @Override
  public long nanosSinceArrival() {
    return -1;
  }

  @Override
  public int length(int index) {
    return buffers[index].limit();
  }

  @Override
  public long high(int index) {
    return highs[index];
  }

  @Override
  public long low(int index) {
    return lows[index];
  }

  @Override
  public int port(int index) {
    return ports[index];
  }

  @Override
  public void read(int index, byte[] to) {
    buffers[index].get(0, to, 0, buffers[index].limit());
  }

  @Override
  public void send(byte[] bytes, int offset, int length, long high, long low, int port) {
    out.clear().put(bytes, offset, length).flip();
    try {
      if (channel.send(out, new InetSocketAddress(address(high, low), port)) == 0) {
        refused++;
      }
    } catch (IOException _) {
      // No route, for instance: lost as on any network.
      refused++;
    }
  }

  /** The address of two halves. */
  static InetAddress address(long high, long low) {
    var bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      // A mapped address becomes an IPv4 one.
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address has 16 bytes.", e);
    }
  }

  @Override
  public void flush() {
    // Sent one by one.
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException _) {
      // Nothing that could still be done about it.
    }
  }
}
