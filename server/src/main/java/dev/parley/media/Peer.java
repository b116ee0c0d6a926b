package dev.parley.media;

import dev.parley.protocol.dtls.DtlsSession;
import dev.parley.protocol.dtls.Fingerprint;
import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.srtp.SrtpReceiver;
import dev.parley.protocol.srtp.SrtpSender;
import dev.parley.protocol.stun.StunKey;
import dev.parley.protocol.stun.StunView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The other end of one connection: who it is (ICE), where it is, and under which keys it speaks.
 * Belongs to its worker's thread.
 */
final class Peer {
  /** What goes over the connection. Called on the worker's thread. */
  interface Streams {
    /** A decrypted RTP packet; the array is the worker's and used again. */
    void rtp(byte[] bytes, int offset, int length, long nowNanos);

    /** A decrypted compound RTCP packet. */
    void rtcp(byte[] bytes, int offset, int length, long nowNanos);

    /** The keys stand: media may flow. */
    void connected(long nowNanos);

    /** What became of it, with what its streams have done so far. */
    ConnectionRecord record(Instant began, Instant ended, String transport, String reason);

    /** The connection has ended, for the reason given. */
    void closed(String reason);
  }

  /** How long silence is taken for a network that hesitates (RFC 7675 section 5.1). */
  static final long CONSENT_NANOS = 30_000_000_000L;

  /** How long silence is taken for a short one. */
  private static final long SILENT_NANOS = 10_000_000_000L;

  private static final long LOOK_NANOS = 2_000_000_000L;
  private static final int PATHS_MAX = 3;

  private final MediaWorker worker;
  private final Streams streams;
  private final Fingerprint fingerprint;
  private final DtlsInbox inbox = new DtlsInbox(this);
  private final TimerWheel.Timer consent = new TimerWheel.Timer(this::look);
  private final List<Path> paths = new ArrayList<>();
  private IceCredentials credentials;
  private StunKey key;
  private byte[] username;
  private @Nullable Path path;
  private @Nullable SrtpSender sender;
  private @Nullable SrtpReceiver receiver;
  private final @Nullable ConnectionHearer hearer;
  private final ConnectionLog log;
  private final Instant began;
  private long heardNanos;
  private boolean told;
  private boolean closed;

  /**
   * A peer that may come.
   *
   * @param remoteFragment the user name fragment of its SDP
   * @param hearer who is told of silence and ends the connection; null for one that ends by itself
   */
  Peer(
      MediaWorker worker,
      IceCredentials credentials,
      String remoteFragment,
      Fingerprint fingerprint,
      Streams streams,
      @Nullable ConnectionHearer hearer,
      ConnectionLog log) {
    this.worker = worker;
    this.streams = streams;
    this.hearer = hearer;
    this.log = log;
    began = log.now();
    this.fingerprint = fingerprint;
    this.credentials = credentials;
    key = new StunKey(credentials.password());
    username = username(credentials, remoteFragment);
  }

  private static byte[] username(IceCredentials credentials, String remoteFragment) {
    return (credentials.fragment() + ":" + remoteFragment).getBytes(StandardCharsets.UTF_8);
  }

  /** Begins to answer the peer's checks; on the worker's thread. */
  void open() {
    heardNanos = worker.now();
    worker.add(this);
    worker.timers().set(consent, worker.now() + LOOK_NANOS);
  }

  /** An ICE restart: new names on both sides, the same keys (RFC 8445 section 9). */
  void restart(IceCredentials ours, String remoteFragment) {
    var before = credentials;
    credentials = ours;
    key = new StunKey(ours.password());
    username = username(ours, remoteFragment);
    heardNanos = worker.now();
    worker.rename(this, before);
  }

  /** Whether this is the user name fragment of the peer's side. */
  boolean isNamed(String remoteFragment) {
    return isNamed(credentials, remoteFragment);
  }

  /** Whether these are the names of both sides. */
  boolean isNamed(IceCredentials ours, String remoteFragment) {
    return Arrays.equals(username, username(ours, remoteFragment));
  }

  private void look() {
    var silence = worker.now() - heardNanos;
    if (silence > CONSENT_NANOS && hearer == null) {
      close(sender == null ? "never connected" : "vanished");
      return;
    }
    if (silence > CONSENT_NANOS) {
      // Nothing may be sent there any more (RFC 7675 section 5.1); a check opens a path again.
      path = null;
    }
    if (hearer != null && silence > SILENT_NANOS && !told) {
      hearer.silent();
    }
    told = silence > SILENT_NANOS;
    worker.timers().set(consent, worker.now() + LOOK_NANOS);
  }

  /** Ends the connection; once. */
  void close(String reason) {
    if (closed) {
      return;
    }
    closed = true;
    worker.timers().cancel(consent);
    inbox.end();
    worker.remove(this);
    for (var each : paths) {
      if (each.tcp() != null) {
        each.tcp().close();
      }
    }
    log.ended(streams, began, path, reason);
    streams.closed(reason);
  }

  boolean isClosed() {
    return closed;
  }

  /** The handshake is done. */
  void secured(DtlsSession session) {
    if (!closed) {
      sender = new SrtpSender(session.serverKeys());
      receiver = new SrtpReceiver(session.clientKeys());
      streams.connected(worker.now());
    }
  }

  /** Whether a check is really this peer's. */
  boolean knows(StunView check) {
    return check.isFor(username) && check.hasFingerprint() && check.isSignedBy(key);
  }

  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Takes a path for sending; returns the one that is given up for it, if there is one. */
  @Nullable Path choose(Path chosen) {
    path = chosen;
    paths.remove(chosen);
    paths.add(chosen);
    // Packets may still be under way on the last ones.
    return paths.size() > PATHS_MAX ? paths.removeFirst() : null;
  }

  MediaWorker worker() {
    return worker;
  }

  Streams streams() {
    return streams;
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  DtlsInbox inbox() {
    return inbox;
  }

  IceCredentials credentials() {
    return credentials;
  }

  StunKey key() {
    return key;
  }

  List<Path> paths() {
    return paths;
  }

  @Nullable Path path() {
    return path;
  }

  @Nullable SrtpSender sender() {
    return sender;
  }

  @Nullable SrtpReceiver receiver() {
    return receiver;
  }
}
