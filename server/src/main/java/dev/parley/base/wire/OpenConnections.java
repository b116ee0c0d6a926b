package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import io.netty.channel.Channel;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The connections that are open now, and who is behind those that outlive a request. A caller who
 * loses the right to be here loses the connection. Safe on every thread.
 */
public final class OpenConnections {
  private static final int POLICY_VIOLATION = 1008;

  /** No request takes longer from its check to its WebSocket. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int LOSSES_MAX = 10_000;

  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
  private final Map<Session, Caller> sessions = new ConcurrentHashMap<>();
  private final Deque<Loss> losses = new ConcurrentLinkedDeque<>();

  /**
   * Callers who lost the right to be here.
   *
   * @param at {@link System#nanoTime}
   */
  private record Loss(long at, Predicate<Caller> callers, String reason) {}

  OpenConnections() {}

  /**
   * Closes the sessions of such callers.
   *
   * @param reason for the client; no secret
   * @return how many there were
   */
  public int closeWhere(Predicate<Caller> callers, String reason) {
    var now = System.nanoTime();
    // Remembered first: a session that opens meanwhile is found here or there.
    losses.addLast(new Loss(now, callers, reason));
    losses.removeIf(loss -> now - loss.at() > REMEMBERED_NANOS);
    while (losses.size() > LOSSES_MAX) {
      losses.pollFirst();
    }
    var closed = 0;
    for (var session : sessions.entrySet()) {
      if (callers.test(session.getValue())) {
        session.getKey().close(POLICY_VIOLATION, reason);
        closed++;
      }
    }
    return closed;
  }

  void add(Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(_ -> channels.remove(channel));
  }

  /**
   * Takes a session in. Who lost the right between the check of the request and now is closed at
   * once.
   *
   * @param checked when the check began, {@link System#nanoTime}
   */
  void add(Session session, long checked) {
    var caller = session.caller();
    sessions.put(session, caller);
    losses.stream()
        .filter(loss -> loss.at() - checked >= 0 && loss.callers().test(caller))
        .findFirst()
        .ifPresent(loss -> session.close(POLICY_VIOLATION, loss.reason()));
  }

  void remove(Session session) {
    sessions.remove(session);
  }

  Set<Channel> channels() {
    return channels;
  }

  Set<Session> sessions() {
    return sessions.keySet();
  }
}
