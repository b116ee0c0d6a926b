package dev.parley.protocol.dtls;

import java.io.IOException;

/** How records of one connection come and go. */
public interface DtlsPipe {
  /**
   * Waits for a datagram.
   *
   * @return its length, or -1 when none came in time
   * @throws IOException when no more will come
   */
  int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException;

  /** Sends a datagram; may lose it. */
  void send(byte[] bytes, int offset, int length);
}
