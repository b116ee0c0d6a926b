package dev.parley.feature.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves clients away. Each is told to make its next connection before it leaves this one; they are
 * told one group after another, since all at once would overrun the server they come to.
 */
record Drain(Realtime realtime, RealtimeConfig config) {
  private static final String RECONNECT =
      "5:::{\"name\":\"trouter.reconnect\",\"args\":[{\"target\":\"host\"}]}";
  private static final int GROUPS = 20;
  private static final Duration LOOK = Duration.ofMillis(20);

  void run() {
    var links = links();
    if (links.isEmpty()) {
      return;
    }
    var end = System.nanoTime() + config.drainTime().toNanos();
    try {
      var groupSize = Math.max(1, (links.size() + GROUPS - 1) / GROUPS);
      for (var from = 0; from < links.size(); from += groupSize) {
        for (var link : links.subList(from, Math.min(links.size(), from + groupSize))) {
          link.queue(RECONNECT);
          link.transport().flush();
        }
        Thread.sleep(config.drainTime().dividedBy(2L * GROUPS));
      }
      while (System.nanoTime() - end < 0 && links.stream().anyMatch(Link::isOpen)) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    links().forEach(link -> link.end(Link.Ending.UNAVAILABLE, "The server stops."));
  }

  private List<Link> links() {
    var links = new ArrayList<Link>();
    realtime.endpoints().each(endpoint -> links.addAll(endpoint.links()));
    return links;
  }
}
