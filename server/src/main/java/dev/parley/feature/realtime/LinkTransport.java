package dev.parley.feature.realtime;

/** How packets get to a client: a WebSocket, or the answers to its polls. Safe on every thread. */
interface LinkTransport {
  /**
   * Takes one packet, given as pieces of UTF-8; it goes out with the next {@link #flush}.
   *
   * @return false when the connection is closed, or is now because its reader is too slow
   */
  boolean queue(byte[]... pieces);

  void flush();

  /** Takes one packet that nobody hurries for; it goes out with the next one, or soon. */
  boolean queuePatiently(byte[]... pieces);

  /** Ends the connection after what was queued. */
  void close(String reason);

  /** The name that presence shows. */
  String name();
}
