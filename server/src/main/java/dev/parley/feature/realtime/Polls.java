package dev.parley.feature.realtime;

import dev.parley.base.words.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections made of long polls, for clients whose network lets no WebSocket through. A poll is
 * held by a virtual thread until there is something to say; between polls nothing runs.
 */
final class Polls {
  private static final String NOTHING = "8::";

  private record Session(Link link, PollTransport transport) {}

  private final Connecting connecting;
  private final RealtimeConfig config;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  Polls(Connecting connecting, RealtimeConfig config) {
    this.connecting = connecting;
    this.config = config;
  }

  /** The next packets for a session; its first poll makes the connection. */
  String poll(String sid, Tokens.Proven proven, String epid, ConnectParams params) {
    var session = sessions.get(sid);
    if (session == null) {
      var handshake = connecting.take(sid, proven, epid, params);
      var transport = new PollTransport();
      session = new Session(connecting.open(handshake, transport), transport);
      sessions.put(sid, session);
    }
    checkOwner(session, proven.user());
    session.link().heard();
    try {
      var packets = session.transport().take(config.pollTime());
      if (session.transport().over()) {
        sessions.remove(sid);
      }
      return PacketBatch.join(packets.isEmpty() ? List.of(NOTHING) : packets);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return NOTHING;
    }
  }

  /** Packets of the client. */
  void hear(String sid, Tokens.Proven proven, String body) {
    var session = find(sid, proven);
    var packets = PacketBatch.split(body).orElseThrow(RealtimeProblems::badPackets);
    for (var packet : packets) {
      if (!session.link().hear(packet)) {
        throw RealtimeProblems.badPackets();
      }
    }
  }

  /** The client leaves, and does not wait for an answer. */
  void leave(String sid, Tokens.Proven proven) {
    find(sid, proven).link().left();
    sessions.remove(sid);
  }

  private Session find(String sid, Tokens.Proven proven) {
    var session = Optional.ofNullable(sessions.get(sid)).orElseThrow(RealtimeProblems::noSession);
    checkOwner(session, proven.user());
    return session;
  }

  private static void checkOwner(Session session, Caller.User user) {
    if (!session.link().user().id().equals(user.id())) {
      throw RealtimeProblems.foreignSession();
    }
  }

  /** Forgets sessions that have ended and that nobody asks about. */
  void sweep() {
    sessions
        .values()
        .removeIf(session -> {
          var silent = session.link().silentNanos() > config.silence().toNanos();
          return silent && !session.link().isOpen();
        });
  }
}
