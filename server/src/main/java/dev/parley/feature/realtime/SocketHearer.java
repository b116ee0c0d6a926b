package dev.parley.feature.realtime;

import dev.parley.base.wire.WebSocketHearer;

/** Hears a WebSocket whose client was authenticated before it opened. */
record SocketHearer(Link link) implements WebSocketHearer {
  @Override
  public void text(String message) {
    link.hear(message);
  }

  @Override
  public boolean atOnce(byte[] ascii, int length) {
    // No packet of an open connection waits for anything.
    link.hear(ascii, length);
    return true;
  }

  @Override
  public void binary(byte[] message) {
    link.end(Link.Ending.SILENT, "Packets are text.");
  }

  @Override
  public void closed() {
    link.left();
  }
}
