package dev.parley.base.wire;

/**
 * One open WebSocket. What is queued in one call, pieces of UTF-8, is one text message. Safe on
 * every thread; nothing here blocks.
 */
public interface WebSocketSession extends Session {
  /**
   * Sends a text message after those before it.
   *
   * @return as for {@link #queue}
   */
  boolean send(String text);

  /**
   * The same as {@link #queue} for a text that can wait for the next message, at most some tenths
   * of a second; no flush is needed. Order is kept.
   */
  boolean queuePatiently(byte[]... pieces);
}
