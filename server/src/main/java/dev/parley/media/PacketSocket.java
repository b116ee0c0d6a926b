package dev.parley.media;

/**
 * A UDP socket that reads and writes in batches. Belongs to one thread, but for {@link #wake}.
 * Addresses are the two halves of an IPv6 address; an IPv4 one has its mapped form ({@code
 * ::ffff:a.b.c.d}), so that no object is made for it.
 */
interface PacketSocket extends AutoCloseable {
  /** What is longer is no packet of ours. */
  int PACKET_BYTES_MAX = 2048;

  /** How many packets one call of the kernel takes. */
  int BATCH = 64;

  /** The local port. */
  int port();

  /**
   * Waits for packets; returns early when woken. What was received before is gone.
   *
   * @return how many packets there are, 0 to {@link #BATCH}
   */
  int receive(int waitMillis);

  /**
   * How long ago the first packet of the last {@link #receive} came to this machine, by its wall
   * clock; -1 where the platform does not say.
   */
  long nanosSinceArrival();

  /** The length of a received packet. */
  int length(int index);

  /** The upper half of the address that a received packet came from. */
  long high(int index);

  /** The lower half of the address. */
  long low(int index);

  /** The port that a received packet came from. */
  int port(int index);

  /** Copies a received packet to the array's begin. */
  void read(int index, byte[] to);

  /** Takes a packet along to the next {@link #flush}; flushes when the batch is full. */
  void send(byte[] bytes, int offset, int length, long high, long low, int port);

  /** Hands everything to the kernel; what it does not take is lost and counted. */
  void flush();

  /** How many packets the kernel did not take. */
  long refused();

  /** Ends a {@link #receive} that waits; may be called by any thread. */
  void wake();

  @Override
  void close();
}
