package dev.parley.feature.email.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections that may be used again soon. Guarded by itself. */
final class SmtpPool implements AutoCloseable {
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MESSAGES_MAX = 100;
  private static final int KEPT_MAX = 500;

  private record Idle(SmtpClient client, long since) {}

  private final Map<String, Deque<Idle>> idle = new HashMap<>();
  private int kept;

  /** One that was kept for the lane. */
  synchronized @Nullable SmtpClient take(String lane) {
    var waiting = idle.get(lane);
    while (waiting != null && !waiting.isEmpty()) {
      var last = waiting.pollLast();
      kept--;
      if (waiting.isEmpty()) {
        idle.remove(lane);
      }
      if (System.nanoTime() - last.since() < IDLE_NANOS) {
        return last.client();
      }
      last.client().close();
    }
    return null;
  }

  /**
   * Keeps one, or closes it when it has served enough, too many are kept, or it has answered more
   * than it was asked.
   */
  synchronized void give(String lane, SmtpClient client) {
    dropOld();
    var isOutOfStep = client.link().hasUnread();
    if (client.messages() >= MESSAGES_MAX || kept >= KEPT_MAX || isOutOfStep) {
      client.close();
      return;
    }
    client.link().rest();
    kept++;
    idle.computeIfAbsent(lane, _ -> new ArrayDeque<>()).add(new Idle(client, System.nanoTime()));
  }

  private void dropOld() {
    var now = System.nanoTime();
    idle.values()
        .removeIf(waiting -> {
          while (!waiting.isEmpty() && now - waiting.getFirst().since() > IDLE_NANOS) {
            waiting.removeFirst().client().close();
            kept--;
          }
          return waiting.isEmpty();
        });
  }

  @Override
  public synchronized void close() {
    idle.values().forEach(waiting -> waiting.forEach(one -> one.client().close()));
    idle.clear();
    kept = 0;
  }
}
