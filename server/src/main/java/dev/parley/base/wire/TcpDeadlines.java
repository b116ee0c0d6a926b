package dev.parley.base.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends connections that are past their deadlines, to within a second, also where a thread waits in
 * a handshake or in a write that the other side does not read: no timeout of a socket reaches
 * there. Its thread lives as long as there are connections.
 */
final class TcpDeadlines {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Set<TcpLink> links = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watching = new AtomicBoolean();

  /** Watches a connection until it is closed. */
  void watch(TcpLink link) {
    links.add(link);
    if (watching.compareAndSet(false, true)) {
      Thread.ofVirtual().name("tcp-deadlines").start(this::look);
    }
  }

  private void look() {
    try {
      do {
        Thread.sleep(LOOK);
        links.removeIf(TcpLink::isClosed);
        links.stream().filter(TcpLink::isOverdue).forEach(TcpLink::cut);
      } while (!links.isEmpty() || goesOn());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a connection came while the thread was about to end, and nobody else watches it. */
  private boolean goesOn() {
    watching.set(false);
    return !links.isEmpty() && watching.compareAndSet(false, true);
  }
}
