package dev.parley.media;

import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.stun.StunView;
import dev.parley.protocol.stun.StunWriter;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that owns a UDP port and all peers and rooms on it, so that the packet path needs no
 * lock. Other threads hand it commands.
 *
 * <p>What comes from an address that has not proven itself by a STUN check is dropped, and nothing
 * but an answer to a proven check is ever sent to such an address; so floods cost little, and
 * nothing is amplified.
 */
final class MediaWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MediaWorker.class);

  private static final int WAIT_MILLIS_MAX = 200;
  private static final int COMMANDS_MAX = 16_384;
  private static final int COMMANDS_PER_ROUND = 256;
  private static final int ASK_SECONDS_MAX = 10;

  /** Packets by what became of them. Written by the worker; metrics read them a moment late. */
  static final class Counts {
    long received;
    long strangers;
    long malformed;
    long badChecks;
    long forged;
    long replayed;
    long sent;
    int peers;
  }

  final Counts counts = new Counts();
  private final PacketSocket socket;
  private final DtlsSessions sessions;
  private final Timer transit;
  private final Thread thread;
  private final ArrayBlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(COMMANDS_MAX);
  private final AddressTable addresses = new AddressTable();
  private final Map<String, Peer> byFragment = new HashMap<>();
  private final TimerWheel timers = new TimerWheel(System.nanoTime());
  private final StunView stun = new StunView();
  private final byte[] in = new byte[PacketSocket.PACKET_BYTES_MAX];
  private final byte[] plain = new byte[PacketSocket.PACKET_BYTES_MAX + 16];
  private final byte[] answer = new byte[StunWriter.BYTES_MAX];

  /** Where a packet is put together before it is protected. */
  final byte[] draft = new byte[PacketSocket.PACKET_BYTES_MAX];

  private final byte[] sealed = new byte[PacketSocket.PACKET_BYTES_MAX + 64];
  private long now = System.nanoTime();
  private volatile boolean closed;

  MediaWorker(int index, PacketSocket socket, DtlsSessions sessions, Timer transit) {
    this.socket = socket;
    this.sessions = sessions;
    this.transit = transit;
    thread = Thread.ofPlatform().name("media-" + index).daemon(true).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  int port() {
    return socket.port();
  }

  long refused() {
    return socket.refused();
  }

  /** The time of this round; on this worker's thread. */
  long now() {
    return now;
  }

  TimerWheel timers() {
    return timers;
  }

  /** Hands over a command; false when there are too many, or the worker has ended. */
  boolean run(Runnable command) {
    if (closed || !commands.offer(command)) {
      return false;
    }
    if (!Thread.currentThread().equals(thread)) {
      socket.wake();
    }
    return true;
  }

  /**
   * Runs a command on the worker's thread and waits for what it returns. Not for the worker itself.
   *
   * @throws IllegalStateException when the worker is not there, or too busy
   */
  <T> T ask(Callable<T> command) {
    var task = new FutureTask<>(command);
    if (!run(task)) {
      throw new IllegalStateException("The media worker takes no more commands.");
    }
    try {
      return task.get(ASK_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException("A command of the media worker failed.", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("The media worker did not answer.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the media worker was asked.", e);
    }
  }

  /** Lets a peer in; its checks are answered from now on. */
  void add(Peer peer) {
    byFragment.put(peer.credentials().fragment(), peer);
    counts.peers = byFragment.size();
  }

  /** The peer's name changes with an ICE restart (RFC 8445 section 9); the old one still holds. */
  void rename(Peer peer, IceCredentials before) {
    byFragment.remove(before.fragment());
    add(peer);
  }

  void remove(Peer peer) {
    byFragment.remove(peer.credentials().fragment());
    counts.peers = byFragment.size();
    for (var path : peer.paths()) {
      addresses.remove(path.high(), path.low(), path.port(), peer);
    }
  }

  private void work() {
    log.info("media worker listens on UDP port {}", socket.port());
    try {
      while (!closed) {
        round();
      }
    } catch (RuntimeException | Error e) {
      log.error("the media worker on UDP port {} has ended", socket.port(), e);
      throw e;
    } finally {
      socket.close();
      commands.clear();
    }
  }

  private void round() {
    var wait = commands.isEmpty() ? timers.idleMillis(now, WAIT_MILLIS_MAX) : 0;
    var count = socket.receive(wait);
    now = System.nanoTime();
    for (var i = 0; i < count; i++) {
      var length = socket.length(i);
      if (length > 0 && length < in.length) {
        socket.read(i, in);
        take(in, length, socket.high(i), socket.low(i), socket.port(i), null);
      }
    }
    counts.received += count;
    for (var i = 0; i < COMMANDS_PER_ROUND; i++) {
      var command = commands.poll();
      if (command == null) {
        break;
      }
      guarded(command);
    }
    timers.advance(now);
    socket.flush();
    var since = count > 0 ? socket.nanosSinceArrival() : -1;
    if (since >= 0) {
      transit.record(since, TimeUnit.NANOSECONDS);
    }
  }

  /** One broken peer must not end the others. */
  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.error("a media command failed", e);
    }
  }

  /** A packet that came over TCP; on this worker's thread. */
  void takeTcp(byte[] bytes, int length, TcpPath path) {
    take(bytes, length, path.high(), path.low(), path.port(), path);
  }

  private void take(
      byte[] bytes, int length, long high, long low, int port, @Nullable TcpPath tcp) {
    try {
      // RFC 7983 section 7: what a packet is, by its first byte.
      var first = bytes[0] & 0xff;
      if (first >= 128 && first < 192) {
        media(bytes, length, tcp == null ? addresses.get(high, low, port) : tcp.peer());
      } else if (first < 4) {
        check(bytes, length, high, low, port, tcp);
      } else if (first >= 20 && first < 64) {
        var peer = tcp == null ? addresses.get(high, low, port) : tcp.peer();
        if (peer == null) {
          counts.strangers++;
        } else {
          sessions.take(peer, bytes, length);
        }
      } else {
        counts.malformed++;
      }
    } catch (RuntimeException e) {
      // Whatever a packet holds: it must not end the worker.
      counts.malformed++;
      log.error("a packet of {} bytes broke its handling", length, e);
    }
  }

  private void media(byte[] bytes, int length, @Nullable Peer peer) {
    if (peer == null || length < 8) {
      counts.strangers++;
      return;
    }
    var receiver = peer.receiver();
    if (receiver == null) {
      return;
    }
    // RFC 5761 section 4: payload types 64 to 95 would be RTCP's.
    var isRtcp = (bytes[1] & 0xff) >= 192 && (bytes[1] & 0xff) <= 223;
    var size =
        isRtcp
            ? receiver.unprotectRtcp(bytes, 0, length, plain, 0)
            : receiver.unprotect(bytes, 0, length, plain, 0);
    if (size < 0) {
      if (size == dev.parley.protocol.srtp.SrtpReceiver.REPLAYED) {
        counts.replayed++;
      } else {
        counts.forged++;
      }
      return;
    }
    peer.heard(now);
    if (isRtcp) {
      peer.streams().rtcp(plain, 0, size, now);
    } else {
      peer.streams().rtp(plain, 0, size, now);
    }
  }

  /** A connectivity check (RFC 8445 section 7.3). */
  private void check(
      byte[] bytes, int length, long high, long low, int port, @Nullable TcpPath tcp) {
    if (!stun.wrap(bytes, 0, length) || !stun.isBindingRequest()) {
      counts.malformed++;
      return;
    }
    var peer = byFragment.get(stun.localFragment());
    // Nothing answers a stranger: an error would tell which names exist.
    if (peer == null || !peer.knows(stun)) {
      counts.badChecks++;
      return;
    }
    int size;
    var accepted = false;
    if (stun.claimsControlled()) {
      // An ICE-lite side is always the controlled one (RFC 8445 section 6.1.1).
      size = StunWriter.error(stun, 487, "Role Conflict", 0, peer.key(), answer, 0);
    } else if (stun.unknownRequired() != 0) {
      size =
          StunWriter.error(
              stun, 420, "Unknown Attribute", stun.unknownRequired(), peer.key(), answer, 0);
    } else {
      size = StunWriter.success(stun, high, low, port, peer.key(), answer, 0);
      accepted = true;
    }
    if (tcp == null) {
      socket.send(answer, 0, size, high, low, port);
      counts.sent++;
    } else {
      tcp.send(answer, 0, size);
    }
    if (accepted) {
      peer.heard(now);
      if (stun.useCandidate()) {
        select(peer, new Path(high, low, port, tcp));
      }
    }
  }

  /** The controlling side has chosen this pair of addresses; a check proved that it is there. */
  private void select(Peer peer, Path path) {
    var before = peer.path();
    if (before != null && before.equals(path)) {
      return;
    }
    var old = peer.choose(path);
    if (old != null) {
      addresses.remove(old.high(), old.low(), old.port(), peer);
    }
    if (path.tcp() == null) {
      addresses.put(path.high(), path.low(), path.port(), peer);
    } else {
      path.tcp().belongsTo(peer);
    }
  }

  /** Protects a packet of {@link #draft} and sends it. */
  void sendRtp(Peer peer, int length, long index) {
    var sender = peer.sender();
    if (sender != null) {
      send(peer, sealed, sender.protect(draft, 0, length, index, sealed, 0));
    }
  }

  /** Protects a compound RTCP packet and sends it. */
  void sendRtcp(Peer peer, byte[] bytes, int offset, int length) {
    var sender = peer.sender();
    if (sender != null) {
      send(peer, sealed, sender.protectRtcp(bytes, offset, length, sealed, 0));
    }
  }

  /** Sends what is not protected by SRTP: DTLS. */
  void send(Peer peer, byte[] bytes, int length) {
    var path = peer.path();
    if (path == null) {
      return;
    }
    if (path.tcp() == null) {
      socket.send(bytes, 0, length, path.high(), path.low(), path.port());
    } else {
      path.tcp().send(bytes, 0, length);
    }
    counts.sent++;
  }

  /** Ends the thread and waits for it. */
  @Override
  public void close() {
    closed = true;
    socket.wake();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(ASK_SECONDS_MAX));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
