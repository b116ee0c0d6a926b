package dev.parley.feature.realtime;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions between their handshake and their first connection. The session id is the key to one
 * connection: random, short-lived, and good once, for browsers send no token with a WebSocket.
 */
final class Handshakes {
  static final Duration LIFE = Duration.ofSeconds(30);
  static final int SESSIONS_MAX = 50_000;

  /**
   * A session that is to be connected.
   *
   * @param proven to be proven once more when the connection stands
   * @param client what the client says about itself, for people
   */
  record Handshake(
      Tokens.Proven proven, String epid, String connectionId, String client, long madeAt) {
    boolean over() {
      return System.nanoTime() - madeAt > LIFE.toNanos();
    }
  }

  private final Map<String, Handshake> sessions = new ConcurrentHashMap<>();

  /** Remembers a session. */
  void add(String sid, Handshake handshake) {
    if (sessions.size() >= SESSIONS_MAX) {
      throw RealtimeProblems.tooManyHandshakes();
    }
    sessions.put(sid, handshake);
  }

  /** Looks at a session and leaves it. */
  Optional<Handshake> find(String sid) {
    return Optional.ofNullable(sessions.get(sid)).filter(handshake -> !handshake.over());
  }

  /** Takes the session: nobody else gets it. */
  Optional<Handshake> take(String sid) {
    return Optional.ofNullable(sessions.remove(sid)).filter(handshake -> !handshake.over());
  }

  /** Forgets what nobody came for. */
  void sweep() {
    for (Iterator<Handshake> all = sessions.values().iterator(); all.hasNext(); ) {
      if (all.next().over()) {
        all.remove();
      }
    }
  }
}
