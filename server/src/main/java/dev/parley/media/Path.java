package dev.parley.media;

import org.jspecify.annotations.Nullable;

/**
 * Where a peer is: an address as {@link PacketSocket} has it, and the connection when it is TCP.
 */
record Path(long high, long low, int port, @Nullable TcpPath tcp) {
  @Override
  public String toString() {
    var address = NioPacketSocket.address(high, low).getHostAddress();
    return (tcp == null ? "udp " : "tcp ") + address + " " + port;
  }
}
