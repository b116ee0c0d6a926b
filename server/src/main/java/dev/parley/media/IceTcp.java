package dev.parley.media;

import dev.parley.protocol.ice.TcpFrames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where peers come in that UDP does not reach: a TCP listener on the worker's port (RFC 6544,
 * passive). Two virtual threads per connection; packets go to the worker as commands.
 */
final class IceTcp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IceTcp.class);

  private static final int BACKLOG = 128;

  /** A connection that has shown no valid check by then is closed. */
  private static final int SILENCE_MILLIS_MAX = 35_000;

  /** How many packets of one connection may wait for the worker. */
  private static final int UNDER_WAY_MAX = 256;

  private final ServerSocket listener;
  private final MediaWorker worker;
  private final Semaphore places;
  private final Set<TcpPath> open = ConcurrentHashMap.newKeySet();

  IceTcp(MediaWorker worker, InetAddress address, int connectionsMax) throws IOException {
    this.worker = worker;
    places = new Semaphore(connectionsMax);
    listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(address, worker.port()), BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw new IOException(
          "TCP port %d could not be opened: %s".formatted(worker.port(), e.getMessage()), e);
    }
    Thread.ofVirtual().name("media-tcp").start(this::accept);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        if (places.tryAcquire()) {
          Thread.ofVirtual().name("media-tcp-in").start(() -> serve(socket));
        } else {
          socket.close();
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          log.warn("a TCP connection of media was not accepted: {}", e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) {
    var path = new TcpPath(socket);
    open.add(path);
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(SILENCE_MILLIS_MAX);
      Thread.ofVirtual().name("media-tcp-out").start(path::write);
      read(socket, path);
    } catch (IOException e) {
      log.debug("a TCP connection of media ended: {}", e.getMessage());
    } finally {
      open.remove(path);
      path.close();
      places.release();
    }
  }

  private void read(Socket socket, TcpPath path) throws IOException {
    var underWay = new Semaphore(UNDER_WAY_MAX);
    var frames = new TcpFrames(PacketSocket.PACKET_BYTES_MAX - 1);
    var in = socket.getInputStream();
    var bytes = new byte[16_384];
    for (var size = in.read(bytes); size >= 0; size = in.read(bytes)) {
      var whole =
          frames.feed(
              bytes,
              0,
              size,
              (packet, offset, length) -> {
                if (length > 0 && underWay.tryAcquire()) {
                  var copy = Arrays.copyOfRange(packet, offset, offset + length);
                  if (!worker.run(
                      () -> {
                        underWay.release();
                        worker.takeTcp(copy, copy.length, path);
                      })) {
                    underWay.release();
                  }
                }
              });
      if (!whole) {
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // It accepts no more either way.
    }
    open.forEach(TcpPath::close);
  }
}
