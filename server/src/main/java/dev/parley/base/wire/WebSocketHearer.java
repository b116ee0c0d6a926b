package dev.parley.base.wire;

/** Hears one WebSocket, one call at a time and in order, on a virtual thread; it may block. */
public interface WebSocketHearer {
  /** A text message, whole. */
  void text(String message);

  /**
   * The chance to deal with a short text message in ASCII at once, on the thread that reads the
   * socket, when none is waiting before it. It must not block, and sees no message while another
   * call runs.
   *
   * @param ascii holds the message at its beginning, and other things after this call
   * @param length characters of the message
   * @return false to get it as {@link #text}
   */
  default boolean atOnce(byte[] ascii, int length) {
    return false;
  }

  /** A binary message, whole. */
  void binary(byte[] message);

  /** The last call, however the session ended. */
  void closed();
}
