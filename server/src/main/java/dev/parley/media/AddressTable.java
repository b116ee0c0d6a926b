package dev.parley.media;

import org.jspecify.annotations.Nullable;

/** Peers by the address that their packets come from; a lookup makes no object. */
final class AddressTable {
  private long[] highs = new long[64];
  private long[] lows = new long[64];
  private int[] ports = new int[64];
  private @Nullable Peer[] peers = new @Nullable Peer[64];
  private int size;

  @Nullable Peer get(long high, long low, int port) {
    return peers[slot(high, low, port)];
  }

  void put(long high, long low, int port, Peer peer) {
    var slot = slot(high, low, port);
    if (peers[slot] == null) {
      if (++size * 2 > peers.length) {
        grow();
        slot = slot(high, low, port);
      }
      set(slot, high, low, port, peer);
    }
    peers[slot] = peer;
  }

  /** Removes the address, if it is this peer's. */
  void remove(long high, long low, int port, Peer peer) {
    var hole = slot(high, low, port);
    if (peers[hole] != peer) {
      return;
    }
    peers[hole] = null;
    size--;
    var mask = peers.length - 1;
    for (var at = hole + 1 & mask; peers[at] != null; at = at + 1 & mask) {
      var home = home(highs[at], lows[at], ports[at]);
      if ((at - home & mask) >= (at - hole & mask)) {
        set(hole, highs[at], lows[at], ports[at], peers[at]);
        peers[at] = null;
        hole = at;
      }
    }
  }

  int size() {
    return size;
  }

  private void set(int slot, long high, long low, int port, @Nullable Peer peer) {
    highs[slot] = high;
    lows[slot] = low;
    ports[slot] = port;
    peers[slot] = peer;
  }

  private int slot(long high, long low, int port) {
    var mask = peers.length - 1;
    var at = home(high, low, port);
    while (peers[at] != null && (lows[at] != low || ports[at] != port || highs[at] != high)) {
      at = at + 1 & mask;
    }
    return at;
  }

  private int home(long high, long low, int port) {
    var mixed = (high * 31 + low * 0x9E3779B97F4A7C15L + port) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 32) & peers.length - 1;
  }

  private void grow() {
    var oldHighs = highs;
    var oldLows = lows;
    var oldPorts = ports;
    var oldPeers = peers;
    highs = new long[oldPeers.length * 2];
    lows = new long[oldPeers.length * 2];
    ports = new int[oldPeers.length * 2];
    peers = new @Nullable Peer[oldPeers.length * 2];
    for (var i = 0; i < oldPeers.length; i++) {
      var peer = oldPeers[i];
      if (peer != null) {
        set(slot(oldHighs[i], oldLows[i], oldPorts[i]), oldHighs[i], oldLows[i], oldPorts[i], peer);
      }
    }
  }
}
