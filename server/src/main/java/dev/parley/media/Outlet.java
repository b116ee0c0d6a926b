package dev.parley.media;

/** Where a {@link Forwarder}'s packets go: to a viewer's connection, or to code. */
interface Outlet {
  /** Whether packets can go out now. */
  boolean isReady();

  Scratch scratch();

  /** Where a packet is put together. */
  byte[] draft();

  /** The next number for transport-wide feedback. */
  int nextCongestionNumber();

  /**
   * Sends what stands in the draft.
   *
   * @param index the sequence number without wraps
   * @param numbered whether it has the last congestion number
   */
  void send(int length, long index, boolean numbered, long nowNanos);

  /** Whether so many bytes may be repeated now; then they are counted. */
  boolean mayRepair(int bytes);
}
