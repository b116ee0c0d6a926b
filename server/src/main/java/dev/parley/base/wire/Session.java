package dev.parley.base.wire;

import dev.parley.base.words.Caller;

/** A connection that outlives its request. Safe on every thread; nothing here blocks. */
public interface Session {
  /** Who opened it, as proven then. */
  Caller caller();

  /** Id of the request that opened it. */
  String id();

  /**
   * Takes bytes to send, given as pieces that may be shared with other sessions and must not change
   * any more; they go out with the next {@link #flush}, after those before them. A reader too slow
   * for what is queued is cut off, so memory stays bounded.
   *
   * @return whether they were queued; a false session is closed or about to be
   */
  boolean queue(byte[]... pieces);

  /** Has everything sent that was queued before: one task, and one write for each session. */
  void flush();

  /** How many bytes wait to be sent. */
  int queuedBytes();

  /**
   * Ends the session after what was queued.
   *
   * @param status of RFC 6455 section 7.4; only a WebSocket tells it
   * @param reason at most 120 bytes
   */
  void close(int status, String reason);
}
