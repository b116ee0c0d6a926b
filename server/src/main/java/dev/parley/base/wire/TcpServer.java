package dev.parley.base.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for TCP connections of protocols of lines; each is served on a virtual thread.
 * Connections have a bound, all together and from one address.
 */
public final class TcpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpServer.class);

  /** Serves one connection to its end. */
  @FunctionalInterface
  public interface Service {
    void serve(TcpLink link) throws IOException;
  }

  /**
   * How to listen.
   *
   * @param port 0 for any free one
   * @param implicitTls whether a connection begins with a TLS handshake
   * @param connectionsMax at once; more are closed
   * @param perAddressMax from one address at once; more are closed
   */
  public record Listening(
      String name,
      String host,
      int port,
      boolean implicitTls,
      int connectionsMax,
      int perAddressMax,
      Duration idle) {}

  private final Listening how;
  private final SSLContext tls;
  private final Service service;
  private final TcpDeadlines deadlines = new TcpDeadlines();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private @Nullable ServerSocket listener;

  public TcpServer(Listening how, SSLContext tls, Service service) {
    this.how = how;
    this.tls = tls;
    this.service = service;
  }

  /** Binds, and begins to accept. */
  public void start() {
    try {
      var bound = new ServerSocket();
      bound.setReuseAddress(true);
      bound.bind(new InetSocketAddress(how.host(), how.port()), 256);
      listener = bound;
      Thread.ofPlatform().daemon().name(how.name()).start(() -> accept(bound));
      log.info("{} on port {}", how.name(), bound.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot listen on %s port %d: %s".formatted(how.host(), how.port(), e.getMessage()), e);
    }
  }

  /** The port it listens on, or 0 before the start. */
  public int port() {
    var bound = listener;
    return bound == null ? 0 : bound.getLocalPort();
  }

  private void accept(ServerSocket bound) {
    while (!bound.isClosed()) {
      try {
        var socket = bound.accept();
        if (open.size() >= how.connectionsMax() || !count(socket.getInetAddress())) {
          socket.close();
        } else {
          open.add(socket);
          Thread.ofVirtual().name(how.name()).start(() -> serve(socket));
        }
      } catch (IOException e) {
        if (!bound.isClosed()) {
          log.debug("a connection was not accepted", e);
        }
      }
    }
  }

  private boolean count(InetAddress address) {
    var now = perAddress.merge(address, 1, Integer::sum);
    if (now > how.perAddressMax()) {
      release(address);
      return false;
    }
    return true;
  }

  private void release(InetAddress address) {
    perAddress.computeIfPresent(address, (_, count) -> count > 1 ? count - 1 : null);
  }

  private void serve(Socket socket) {
    try (socket) {
      var link = new TcpLink(socket, how.idle());
      link.within(how.idle(), how.idle());
      deadlines.watch(link);
      if (how.implicitTls()) {
        secure(link);
      }
      try (link) {
        service.serve(link);
      }
    } catch (IOException e) {
      log.debug("a connection of {} ended", how.name(), e);
    } catch (RuntimeException e) {
      log.error("a connection of {} failed", how.name(), e);
    } finally {
      open.remove(socket);
      release(socket.getInetAddress());
    }
  }

  /** Goes on over TLS with the house's certificate. */
  public void secure(TcpLink link) throws IOException {
    link.secured(socket -> {
      var over = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
      over.setUseClientMode(false);
      return over;
    });
  }

  @Override
  public void close() {
    try {
      var bound = listener;
      if (bound != null) {
        bound.close();
      }
    } catch (IOException _) {
      // It is gone either way.
    }
    for (var socket : open) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
  }
}
