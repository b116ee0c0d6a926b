package dev.parley.feature.realtime;

import dev.parley.base.wire.WebSocketHearer;
import dev.parley.base.wire.WebSocketSession;
import dev.parley.base.words.Resource;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The steps from an allocation to a connection that stands. */
final class Connecting {
  private static final int SID_BYTES = 16;
  private static final String CONNECTED =
      "5:::{\"name\":\"trouter.connected\",\"args\":[{\"ttl\":%d,\"dur\":\"0\"}]}"
          .formatted(Allocations.TTL.toSeconds());

  private final Realtime realtime;
  private final Tokens tokens;
  private final Allocations allocations;
  private final Handshakes handshakes;
  private final CatchUp catchUp;
  private final Marks marks;
  private final InstantSource clock;
  private final AtomicBoolean draining = new AtomicBoolean();

  Connecting(
      Realtime realtime,
      Tokens tokens,
      Allocations allocations,
      Handshakes handshakes,
      CatchUp catchUp,
      Marks marks,
      InstantSource clock) {
    this.realtime = realtime;
    this.tokens = tokens;
    this.allocations = allocations;
    this.handshakes = handshakes;
    this.catchUp = catchUp;
    this.marks = marks;
    this.clock = clock;
  }

  /** No new connections from now on. */
  void drain() {
    draining.set(true);
  }

  void checkOpen() {
    if (draining.get()) {
      throw RealtimeProblems.draining();
    }
  }

  /** A fresh connection, whatever the client brings of an earlier one. */
  Allocation allocate(Resource resource, Tokens.Proven proven, String epid, ConnectParams before) {
    checkOpen();
    var allocation = allocations.allocate(resource, proven.user(), epid, before);
    if (Allocations.comesFrom(allocation.id()).isPresent()) {
      // Once the client has the new parameters, nothing names the server that it comes from.
      expect(proven, epid, allocation.id());
    }
    return allocation;
  }

  /**
   * Opens a session for the connection that the parameters name.
   *
   * @return the session id
   */
  String handshake(Tokens.Proven proven, String epid, ConnectParams params, String client) {
    checkOpen();
    var id =
        allocations.check(proven.user(), epid, params).orElseThrow(RealtimeProblems::badParameters);
    // Whoever has too many endpoints is told here, where a status can tell it.
    expect(proven, epid, id);
    var sid = allocations.randomHex(SID_BYTES);
    handshakes.add(sid, new Handshakes.Handshake(proven, epid, id, client, System.nanoTime()));
    return sid;
  }

  /** The endpoint, with what it missed on another server. */
  Endpoint expect(Tokens.Proven proven, String epid, String connectionId) {
    var endpoint = realtime.expect(proven.user(), epid);
    var server = Allocations.comesFrom(connectionId);
    if (server.isPresent() && endpoint.isNew()) {
      catchUp.fill(endpoint, server.get(), realtime);
    }
    if (!marks.cover(endpoint.isUntold() ? endpoint.owed() : Map.of())) {
      // What is owed to the client must be known also after a crash in the next moment.
      marks.mark(realtime::acknowledged);
    }
    return endpoint;
  }

  /**
   * Looks at the session before the switch to a WebSocket.
   *
   * @throws dev.parley.base.words.Refusal when it is not there, or not for this endpoint
   */
  void checkSession(String sid, String epid, ConnectParams params) {
    checkOpen();
    var handshake = handshakes.find(sid).orElseThrow(RealtimeProblems::noSession);
    check(handshake, epid, params);
  }

  /** Takes the session for a client that polls. */
  Handshakes.Handshake take(String sid, Tokens.Proven proven, String epid, ConnectParams params) {
    checkOpen();
    var handshake = handshakes.find(sid).orElseThrow(RealtimeProblems::noSession);
    if (!handshake.proven().user().id().equals(proven.user().id())) {
      throw RealtimeProblems.foreignSession();
    }
    check(handshake, epid, params);
    return handshakes.take(sid).orElseThrow(RealtimeProblems::noSession);
  }

  private void check(Handshakes.Handshake handshake, String epid, ConnectParams params) {
    var id = allocations.check(handshake.proven().user(), epid, params);
    if (!handshake.epid().equals(epid) || !id.equals(Optional.of(handshake.connectionId()))) {
      throw RealtimeProblems.badParameters();
    }
  }

  /** The session takes this WebSocket, if nobody was faster. */
  WebSocketHearer open(String sid, WebSocketSession session) {
    var handshake = handshakes.take(sid);
    if (handshake.isEmpty()) {
      session.close(1008, "The session is taken.");
      return new UnheardSocket();
    }
    var link = open(handshake.get(), new SocketTransport(session));
    return new SocketHearer(link);
  }

  /** Makes a session's connection, says that it stands, and begins to send. */
  Link open(Handshakes.Handshake handshake, LinkTransport transport) {
    return open(
        handshake.proven(),
        handshake.epid(),
        handshake.connectionId(),
        handshake.client(),
        transport,
        List.of("1::", CONNECTED));
  }

  /**
   * The same for a client that has come another way.
   *
   * @param greeting the first packets that it is sent
   */
  Link open(
      Tokens.Proven proven,
      String epid,
      String connectionId,
      String client,
      LinkTransport transport,
      List<String> greeting) {
    var endpoint = expect(proven, epid, connectionId);
    var link =
        new Link(
            connectionId,
            proven.user(),
            proven.expires(),
            clock.instant(),
            client,
            transport,
            endpoint);
    greeting.forEach(link::queue);
    realtime.attach(link);
    // A revocation that came since the first proof has not found the connection.
    if (!tokens.holds(proven, "")) {
      link.end(Link.Ending.UNAUTHORIZED, "The token holds no longer.");
    }
    return link;
  }
}
