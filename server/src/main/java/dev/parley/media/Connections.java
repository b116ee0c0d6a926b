package dev.parley.media;

import dev.parley.protocol.dtls.Fingerprint;
import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.sdp.LocalTransport;
import dev.parley.protocol.sdp.PeerDescription;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every connection is made of: names, transports, peers, and the way to a room's thread. */
final class Connections {
  /** What we take from who sends. */
  static final Set<ExtensionKind> UP =
      Set.of(
          ExtensionKind.MID,
          ExtensionKind.RID,
          ExtensionKind.REPAIRED_RID,
          ExtensionKind.TRANSPORT_CC,
          ExtensionKind.ABS_SEND_TIME,
          ExtensionKind.AUDIO_LEVEL,
          ExtensionKind.DEPENDENCY_DESCRIPTOR,
          ExtensionKind.VIDEO_ORIENTATION,
          ExtensionKind.PLAYOUT_DELAY);

  /** What we send to who watches. */
  static final Set<ExtensionKind> DOWN =
      Set.of(
          ExtensionKind.TRANSPORT_CC,
          ExtensionKind.ABS_SEND_TIME,
          ExtensionKind.AUDIO_LEVEL,
          ExtensionKind.DEPENDENCY_DESCRIPTOR,
          ExtensionKind.VIDEO_ORIENTATION,
          ExtensionKind.PLAYOUT_DELAY);

  private final Supplier<MediaEngine> engine;
  private final Supplier<@Nullable MediaEngine> started;
  private final MediaConfig config;
  private final SecureRandom random;
  private final ConnectionLog log;

  /**
   * The parts.
   *
   * @param engine starts it when nobody has yet
   * @param started what runs, or null
   */
  Connections(
      Supplier<MediaEngine> engine,
      Supplier<@Nullable MediaEngine> started,
      MediaConfig config,
      SecureRandom random,
      ConnectionLog log) {
    this.engine = engine;
    this.started = started;
    this.config = config;
    this.random = random;
    this.log = log;
  }

  IceCredentials credentials() {
    return IceCredentials.random(random);
  }

  /** The id of a session in SDP (RFC 8866 section 5.2). */
  long sessionId() {
    return random.nextLong(1, Long.MAX_VALUE);
  }

  int ssrc() {
    return random.nextInt(2, Integer.MAX_VALUE);
  }

  /** Low, so that a receiver that misses the first packets does not miss the wrap. */
  int firstSequence() {
    return 1 + random.nextInt(1000);
  }

  LocalTransport transport(String room, IceCredentials ours, long session, int version) {
    var ready = engine.get();
    var fingerprint = ready.sessions.server().fingerprint();
    return new LocalTransport(
        new dev.parley.protocol.sdp.IceCredentials(ours.fragment(), ours.password()),
        new dev.parley.protocol.sdp.Fingerprint(fingerprint.algorithm(), fingerprint.value()),
        ready.place(room).candidates(),
        session,
        version);
  }

  /** Runs on the thread of a room, and waits. */
  <T> T ask(String room, Function<Rooms, T> command) {
    var place = engine.get().place(room);
    return place.worker().ask(() -> command.apply(place.rooms()));
  }

  /** Runs on the thread of a room, some time soon; not at all when nothing was ever started. */
  void run(String room, Consumer<Rooms> command) {
    var ready = started.get();
    if (ready != null) {
      var place = ready.place(room);
      var _ = place.worker().run(() -> command.accept(place.rooms()));
    }
  }

  /** Whether no more peers fit; on the worker's thread. */
  boolean isFull(Rooms rooms) {
    return rooms.worker.counts.peers >= config.peersMax();
  }

  /** A peer that may come; on the worker's thread. */
  Peer peer(
      Rooms rooms,
      IceCredentials ours,
      PeerDescription remote,
      Peer.Streams streams,
      @Nullable ConnectionHearer hearer) {
    return new Peer(
        rooms.worker, ours, remote.ice().fragment(), fingerprint(remote), streams, hearer, log);
  }

  /** Whether a description is of this peer, which still lives; on the worker's thread. */
  static boolean isOf(Peer peer, PeerDescription remote) {
    return !peer.isClosed() && peer.fingerprint().equals(fingerprint(remote));
  }

  private static Fingerprint fingerprint(PeerDescription remote) {
    return new Fingerprint(remote.fingerprint().algorithm(), remote.fingerprint().value());
  }
}
