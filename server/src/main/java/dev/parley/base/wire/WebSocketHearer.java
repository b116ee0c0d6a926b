package dev.parley.base.wire;

/** Hears one WebSocket, one call at a time and in order, on a virtual thread; it may block. */
public interface WebSocketHearer {
  /** A text message, whole. */
  void text(String message);

  /**
   * The chance to deal with a text message at once, on the thread that reads the socket, when none
   * is waiting before it. It must not block, and sees no message while another call runs.
   *
   * @return false to get it as {@link #text}
   */
  default boolean textAtOnce(String message) {
    return false;
  }

  /** A binary message, whole. */
  void binary(byte[] message);

  /** The last call, however the session ended. */
  void closed();
}
