package dev.parley.media;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection that a peer opened (RFC 6544). Packets to it wait in a short queue; what does
 * not fit is lost, as it would be on UDP, so that a slow connection delays nobody else.
 */
final class TcpPath {
  private static final Logger log = LoggerFactory.getLogger(TcpPath.class);

  private static final int PACKETS_MAX = 256;
  private static final byte[] END = {};

  private final Socket socket;
  private final long high;
  private final long low;
  private final ArrayBlockingQueue<byte[]> packets = new ArrayBlockingQueue<>(PACKETS_MAX);
  private volatile boolean closed;
  private @Nullable Peer peer;

  TcpPath(Socket socket) {
    this.socket = socket;
    var bytes = ByteBuffer.wrap(socket.getInetAddress().getAddress());
    var mapped = bytes.remaining() == 4;
    high = mapped ? 0 : bytes.getLong(0);
    low = mapped ? 0xffff00000000L | (bytes.getInt(0) & 0xffffffffL) : bytes.getLong(8);
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  int port() {
    return socket.getPort();
  }

  /** Whose connection it is, once a check has shown it; on the worker's thread. */
  @Nullable Peer peer() {
    return peer;
  }

  void belongsTo(Peer peer) {
    this.peer = peer;
  }

  /** Takes a packet along, with its length in front; never blocks. */
  void send(byte[] bytes, int offset, int length) {
    var framed = new byte[length + 2];
    framed[0] = (byte) (length >> 8);
    framed[1] = (byte) length;
    System.arraycopy(bytes, offset, framed, 2, length);
    var _ = packets.offer(framed);
  }

  /** Writes what waits until the connection ends; on a thread of its own. */
  void write() {
    try {
      var out = socket.getOutputStream();
      while (!closed) {
        var packet = packets.take();
        if (packet.length == 0) {
          return;
        }
        out.write(packet);
      }
    } catch (IOException e) {
      log.debug("a TCP connection of media broke: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  void close() {
    closed = true;
    packets.clear();
    var _ = packets.offer(END);
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
