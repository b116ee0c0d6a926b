package dev.parley.feature.calling;

import dev.parley.base.wire.WebSocketSession;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client's session: keeps what the client has not acknowledged, so that it can come back over
 * another socket. An idle one is this object and nothing else. Safe on every thread; takes no other
 * lock while it holds its own.
 */
final class Agent {
  private static final int KEPT_MAX = 512;
  private static final int KEPT_BYTES_MAX = 512 << 10;
  private static final int NORMAL = 1000;
  private static final int POLICY_VIOLATION = 1008;

  /** A notification without its number. */
  private record Kept(long seq, byte[] body) {}

  /** Whoever knows it and is the same user may take the session over. */
  final String id;

  private final String endpointId;
  final ResourceId resource;
  final String user;
  final String client;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Caller.User caller;
  private volatile Instant expires;
  private volatile String displayName;
  private volatile Instant heard;
  private volatile Set<Call> calls = Set.of();
  private @Nullable ArrayDeque<Kept> kept;
  private @Nullable WebSocketSession socket;
  private @Nullable Instant lostAt;
  private int keptBytes;
  private long seq;
  private boolean ended;

  Agent(
      String id,
      String endpointId,
      Caller.User caller,
      Instant expires,
      String displayName,
      String client,
      Instant now,
      WebSocketSession socket) {
    this.id = id;
    this.endpointId = endpointId;
    this.resource = caller.resource();
    this.user = caller.id().rawId();
    this.caller = caller;
    this.expires = expires;
    this.displayName = displayName;
    this.client = client;
    this.heard = now;
    this.socket = socket;
  }

  /** Names the client in records. */
  String endpointId() {
    return endpointId;
  }

  Caller.User caller() {
    return caller;
  }

  Instant expires() {
    return expires;
  }

  String displayName() {
    return displayName;
  }

  void displayName(String name) {
    displayName = name;
  }

  void renew(Caller.User proven, Instant until) {
    caller = proven;
    expires = until;
  }

  Instant heard() {
    return heard;
  }

  void heard(Instant now) {
    heard = now;
  }

  /** Since when it has no socket; null while it has one. */
  @Nullable Instant lostAt() {
    lock.lock();
    try {
      return lostAt;
    } finally {
      lock.unlock();
    }
  }

  /** The calls that it is in or that ring here. */
  Set<Call> calls() {
    return calls;
  }

  boolean add(Call call) {
    lock.lock();
    try {
      if (ended || calls.size() >= CallingConfig.CALLS_OF_AGENT_MAX) {
        return calls.contains(call);
      }
      var more = new java.util.HashSet<>(calls);
      more.add(call);
      calls = Set.copyOf(more);
      return true;
    } finally {
      lock.unlock();
    }
  }

  void remove(Call call) {
    lock.lock();
    try {
      var fewer = new java.util.HashSet<>(calls);
      fewer.remove(call);
      calls = Set.copyOf(fewer);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a notification, or keeps it for when the client is back.
   *
   * @param body the object's members without {@code seq}, from the first quote to the last brace;
   *     may be shared with other agents
   */
  void tell(byte[] body) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      var number = ++seq;
      keep(new Kept(number, body));
      write(number, body);
    } finally {
      lock.unlock();
    }
  }

  private void write(long number, byte[] body) {
    if (socket != null) {
      socket.queue(("{\"seq\":" + number + ",").getBytes(StandardCharsets.US_ASCII), body);
      socket.flush();
    }
  }

  private void keep(Kept one) {
    if (kept == null) {
      kept = new ArrayDeque<>(4);
    }
    kept.add(one);
    keptBytes += one.body().length;
    while (kept.size() > KEPT_MAX || keptBytes > KEPT_BYTES_MAX) {
      keptBytes -= kept.remove().body().length;
    }
  }

  /** The client has worked on everything up to here. */
  void acknowledged(long upTo) {
    lock.lock();
    try {
      if (upTo <= seq) {
        drop(upTo);
      }
    } finally {
      lock.unlock();
    }
  }

  private void drop(long upTo) {
    while (kept != null && !kept.isEmpty() && kept.peek().seq() <= upTo) {
      keptBytes -= kept.remove().body().length;
    }
    if (kept != null && kept.isEmpty()) {
      kept = null;
    }
  }

  /** Sends what has no number: an answer or a ping. */
  void send(String text) {
    lock.lock();
    try {
      if (socket != null) {
        socket.send(text);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What a resume finds. */
  enum Resumed {
    /** Everything that was missed follows. */
    WHOLE,
    /** Too much was missed. */
    GAP,
    /** The session is over. */
    NOT
  }

  /**
   * Takes another socket.
   *
   * @param seen the last notification that the client has
   * @param answer makes the answer, which goes out before what was missed
   */
  Resumed resume(
      WebSocketSession fresh,
      long seen,
      Instant now,
      java.util.function.Function<Resumed, String> answer) {
    WebSocketSession before;
    Resumed how;
    lock.lock();
    try {
      if (ended) {
        return Resumed.NOT;
      }
      before = socket;
      drop(Math.min(seen, seq));
      var oldest = kept == null || kept.isEmpty() ? seq + 1 : kept.element().seq();
      how = oldest > seen + 1 || seen > seq ? Resumed.GAP : Resumed.WHOLE;
      socket = fresh;
      lostAt = null;
      heard = now;
      fresh.send(answer.apply(how));
      if (how == Resumed.GAP) {
        kept = null;
        keptBytes = 0;
      } else if (kept != null) {
        kept.forEach(one -> write(one.seq(), one.body()));
      }
    } finally {
      lock.unlock();
    }
    if (before != null) {
      before.close(NORMAL, "The session goes on over another socket.");
    }
    return how;
  }

  /** Its socket is gone; false when that was not its socket any more. */
  boolean lost(WebSocketSession gone, Instant now) {
    lock.lock();
    try {
      if (!gone.equals(socket)) {
        return false;
      }
      socket = null;
      lostAt = now;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up a socket that no answer comes over. */
  void dead() {
    lock.lock();
    try {
      if (socket != null) {
        socket.close(POLICY_VIOLATION, "No sign of life.");
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last notification, or null to end without a word; nothing is sent or kept after it. */
  boolean end(byte @Nullable [] last, String why) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      if (last != null) {
        write(++seq, last);
      }
      ended = true;
      kept = null;
      if (socket != null) {
        socket.close(last == null ? NORMAL : POLICY_VIOLATION, why);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
